import type { EntityKey } from '../../contracts/webhook.ts';
import { ApiError } from './api-error.ts';
import { asked } from './fields.ts';

/** The two halves of an entity's key in a query; either is nothing without the other. */
export const entityFilter = {
  entityType: asked().optional().meta({ description: 'Of events that name this entity; with `entityId`.' }),
  entityId: asked(2_048).optional().meta({ description: 'With `entityType`.' }),
};

/** The entity that is asked for; `undefined` where none is. */
export function toEntity({
  entityType: type,
  entityId: id,
}: {
  readonly entityType?: string | undefined;
  readonly entityId?: string | undefined;
}): EntityKey | undefined {
  if (type === undefined && id === undefined) return undefined;
  if (type !== undefined && id !== undefined) return { type, id };
  throw new ApiError('api.badRequest', { expected: '`entityType` and `entityId`', got: 'one of them', where: 'query' });
}

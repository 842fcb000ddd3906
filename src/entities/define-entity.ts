import type { z } from 'zod';
import { mergeFields } from './_merge.ts';
import type { EntityState, EntityWrite, MergedState } from './_merge.ts';

/** One field of an entity: who may write it, and what it holds. */
export interface FieldDefinition {
  /** The agent whose writes count; `event` for what events themselves say. */
  readonly owner: string;
  readonly schema: z.ZodType;
  /**
   * For a field that gathers what all its writes say: joins what stands with what is written. Commutative, associative, and the
   * same value joined twice is joined once. @default the newest write stands
   */
  readonly join?: (standing: never, written: never) => unknown;
}

/** The values of an entity's fields; a field that was never written is absent. */
export type FieldValues<Fields extends FieldDefinitions> = { readonly [Field in keyof Fields]?: z.output<Fields[Field]['schema']> };

/** An entity's fields by name. */
export type FieldDefinitions = { readonly [field: string]: FieldDefinition };

/** One entity type: versioned state that agents share. */
export interface EntityDefinition<Type extends string = string, Fields extends FieldDefinitions = FieldDefinitions> {
  readonly type: Type;
  readonly fields: Fields;
  /** Merges one write into the state: pure, and the same whatever the order in which writes of different events arrive. */
  merge(current: EntityState<FieldValues<Fields>>, write: EntityWrite<FieldValues<Fields>>): MergedState<FieldValues<Fields>>;
}

/** Makes an entity type; its merge takes the newest write of each field and refuses agents that do not own one. */
export function defineEntity<const Type extends string, const Fields extends FieldDefinitions>(definition: {
  readonly type: Type;
  readonly fields: Fields;
}): EntityDefinition<Type, Fields> {
  const owners = new Map(Object.entries(definition.fields).map(([field, { owner }]) => [field, owner]));
  const joins = new Map(
    Object.entries(definition.fields).flatMap(
      ([field, { join }]) => (join === undefined ? [] : [[field, join as (standing: unknown, written: unknown) => unknown] as const]), // it gets values of its own field alone
    ),
  );
  return { ...definition, merge: (current, write) => mergeFields({ type: definition.type, owners, joins, current, write }) };
}

import { z } from 'zod';
import { isJsonObject } from '../../../contracts/json.ts';
import type { WholeEntity } from '../../../store/agent-tables.ts';
import { payload } from '../fields.ts';

/** A field of an entity, and the write that stands for it. */
export const fieldView = z.object({
  name: z.string(),
  time: z.string().nullable().meta({ description: 'Of the event that wrote it; null where its version has another form.' }),
  event: z.string().nullable().meta({ description: 'Its id and its source.' }),
  value: payload.optional().meta({ description: 'With `payloads`.' }),
});

/** A field of an entity, and the write that stands for it. */
export type FieldView = z.output<typeof fieldView>;

/** Which event wrote each field, by name; with values only where they are asked for, since they are what senders have written. */
export function toFieldViews({ fields, versions }: Pick<WholeEntity, 'fields' | 'versions'>, withValues: boolean): readonly FieldView[] {
  return Object.keys(fields)
    .sort()
    .map((name) => {
      const version = versions[name];
      const { time, eventId } = isJsonObject(version) ? version : {};
      const wrote = { time: typeof time === 'string' ? time : null, event: typeof eventId === 'string' ? eventId : null };
      return { name, ...wrote, ...(withValues ? { value: fields[name] } : {}) };
    });
}

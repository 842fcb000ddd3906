import type { EntityDefinition, FieldDefinitions, FieldValues } from '../entities/define-entity.ts';
import { updateEntity, type EntityState } from '../store/entities.ts';
import type { StateTx } from './define-agent.ts';

/** One write on behalf of the action's event. */
export interface EntityWriting<Fields extends FieldDefinitions> {
  /** The owner of the fields: an agent, or `event` for what the event itself says. */
  readonly agent: string;
  /** The event's own time, ISO 8601. */
  readonly time: string;
  readonly fields: FieldValues<Fields>;
}

/** What stands after the writes. */
export interface MergedEntity<Fields extends FieldDefinitions> {
  readonly fields: FieldValues<Fields>;
  /** True where newer writes stood in every field, so that nothing was changed. */
  readonly superseded: boolean;
}

/**
 * Merges writes into an entity inside the action's transaction, one after the other, by the entity's own rule. Nobody else
 * changes the entity before the transaction ends.
 */
export async function mergeEntity<Fields extends FieldDefinitions>(
  { db, call, onSuperseded }: Pick<StateTx, 'db' | 'call' | 'onSuperseded'>,
  {
    entity,
    id,
    writes,
  }: { readonly entity: EntityDefinition<string, Fields>; readonly id: string; readonly writes: readonly EntityWriting<Fields>[] },
): Promise<MergedEntity<Fields>> {
  type State = Parameters<typeof entity.merge>[0];
  // Ids are unique within a source alone; a blank sorts before every character of an id, so that ids still compare as ids do.
  const eventId = `${call.eventId} ${call.source}`;
  let superseded = true;
  const state = await updateEntity(db, { type: entity.type, id }, (current) => {
    superseded = true;
    let merged = current as unknown as State; // only `merge` writes what is stored
    for (const { agent, time, fields } of writes) {
      const next = entity.merge(merged, { agent, version: { time, rank: 0, eventId }, fields });
      const written = Object.values(fields).filter((value) => value !== undefined).length;
      superseded &&= next.superseded.length === written;
      merged = { fields: next.fields, versions: next.versions };
    }
    return superseded ? undefined : (merged as unknown as EntityState); // values and versions are plain JSON
  });
  if (superseded && writes.length > 0) onSuperseded?.(entity.type);
  return { fields: state.fields as FieldValues<Fields>, superseded }; // likewise
}

import type { EntityKey, EventState, RunState } from '../contracts/webhook.ts';
import type { EventSummary, EventSummaryColumns } from './event-rows.ts';
import { toEventSummary } from './event-rows.ts';
import { holdsText, isState, toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import { toFirstUuid } from './uuid-range.ts';

/** What a list of events is narrowed to. */
export interface EventFilter {
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: EventState | undefined;
  /** Code of the errors table. */
  readonly code?: string | undefined;
  /** Events that have a run in this state. */
  readonly runState?: RunState | undefined;
  /** Event ids, as they stand in workflow ids. */
  readonly ids?: readonly string[] | undefined;
  readonly entity?: EntityKey | undefined;
  /** Part of the UUID, the event id, the provider's own id, the delivery's id or the detail; data are not looked into. */
  readonly text?: string | undefined;
  /** Received at or after. */
  readonly since?: Date | undefined;
  /** Received before. */
  readonly until?: Date | undefined;
  /** UUID of the last event of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** What `toEventSummary` takes, of `events e`. */
export const EVENT_SUMMARY = `
SELECT e.uuid, e.source, e.event_id, e.provider_type, e.type, e.entity_type, e.entity_id, e.received_at, e.test, e.state, e.cause, e.detail,
       coalesce((SELECT json_agg(json_build_object('chain', r.chain, 'state', r.state, 'attempt', r.attempt, 'code', r.code, 'workflowId', r.workflow_id)
                 ORDER BY r.chain) FROM runs r WHERE r.event_uuid = e.uuid), '[]') AS runs
FROM events e`;

/** What an event is looked for by, of `events e`. */
export const EVENT_TEXT = 'e.uuid::text, e.event_id, e.provider_id, e.delivery_id::text';

/** Events, the newest first. */
export async function listEvents(db: Queryable, filter: EventFilter): Promise<readonly EventSummary[]> {
  const { source, type, state, code, runState, ids, entity, text, since, until, before, limit } = filter;
  const statement = toListStatement({
    name: 'events.list',
    select: EVENT_SUMMARY,
    where: {
      source: ['e.source = ?', source],
      type: ['e.type = ?', type],
      ...isState('e.state', state),
      code: ['e.cause = ?', code],
      runState: ['EXISTS (SELECT FROM runs r WHERE r.event_uuid = e.uuid AND r.state = ?)', runState],
      ids: ['e.event_id = ANY (?::text[])', ids],
      entity: ['e.entity_type = ? AND e.entity_id = ?', entity?.type, entity?.id],
      text: holdsText(`${EVENT_TEXT}, e.detail`, text),
      since: ['e.uuid >= ?', since && toFirstUuid(since)],
      until: ['e.uuid < ?', until && toFirstUuid(until)],
      before: ['e.uuid < ?', before],
    },
    order: 'e.uuid DESC',
    limit,
  });
  return (await db.query<EventSummaryColumns>(statement)).rows.map(toEventSummary);
}

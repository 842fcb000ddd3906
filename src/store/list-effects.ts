import type { EntityKey } from '../contracts/webhook.ts';
import type { EffectState } from './ledger.ts';
import { EVENT_TEXT } from './list-events.ts';
import { holdsText, isState, toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import { toFirstUuid } from './uuid-range.ts';

/** What a list of effects is narrowed to. */
export interface EffectFilter {
  readonly state?: EffectState | undefined;
  /** `agent.action`. */
  readonly action?: string | undefined;
  /** All actions of this agent. */
  readonly agent?: string | undefined;
  readonly source?: string | undefined;
  /** Of events of this type. */
  readonly type?: string | undefined;
  readonly entity?: EntityKey | undefined;
  /** Part of action, key, detail, or of an id of the event; results are not looked into. */
  readonly text?: string | undefined;
  /** Of events received at or after. */
  readonly since?: Date | undefined;
  /** Of events received before. */
  readonly until?: Date | undefined;
  /** The last effect of the page before. */
  readonly before?: EffectPlace | undefined;
  readonly limit: number;
}

/** Where an effect stands in a list. */
export type EffectPlace = Pick<EffectSummary, 'eventUuid' | 'intendedAtText' | 'ledger' | 'action' | 'key' | 'round'>;

/** An effect in a list: its row, without its result, and the event that it belongs to. */
export interface EffectSummary {
  readonly eventUuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly ledger: string;
  readonly action: string;
  readonly key: string;
  readonly round: number;
  readonly state: EffectState;
  readonly sends: number;
  readonly dry: boolean;
  readonly detail: string | null;
  readonly updatedAt: Date;
  /** To the microsecond, as no `Date` has it: two rows are told apart by it. */
  readonly intendedAtText: string;
}

const LISTED = `
SELECT x.event_uuid AS "eventUuid", e.source, e.event_id AS "eventId", x.ledger, x.action, x.key, x.round, x.state, x.sends, x.dry, x.detail,
       x.updated_at AS "updatedAt", to_char(x.intended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "intendedAtText"
FROM effects x JOIN events e ON e.uuid = x.event_uuid`;

/** Newest event first, and of each event the newest effect. */
const ORDER = 'x.event_uuid DESC, x.intended_at DESC, x.action, x.key, x.round, x.ledger';
/** The first comparison is what the index begins at: from `OR` PostgreSQL makes a filter over all pages before. */
const AFTER = `x.event_uuid <= ? AND (x.event_uuid < ? OR (x.intended_at < ?::timestamptz OR x.intended_at = ?::timestamptz
  AND (x.action, x.key, x.round, x.ledger) > (?, ?, ?, ?)))`;

/** Effects, those of the newest event first. */
export async function listEffects(db: Queryable, filter: EffectFilter): Promise<readonly EffectSummary[]> {
  const { state, action, agent, source, type, entity, text, since, until, before, limit } = filter;
  const statement = toListStatement({
    name: 'effects.list',
    select: LISTED,
    where: {
      ...isState('x.state', state),
      action: ['x.action = ?', action],
      agent: [`split_part(x.action, '.', 1) = ?`, agent],
      source: ['e.source = ?', source],
      type: ['e.type = ?', type],
      entity: ['e.entity_type = ? AND e.entity_id = ?', entity?.type, entity?.id],
      text: holdsText(`x.action, x.key, x.detail, ${EVENT_TEXT}`, text),
      since: ['x.event_uuid >= ?', since && toFirstUuid(since)],
      until: ['x.event_uuid < ?', until && toFirstUuid(until)],
      before: [AFTER, ...toPlace(before)],
    },
    order: ORDER,
    limit,
  });
  return (await db.query<EffectSummary>(statement)).rows;
}

function toPlace(place: EffectPlace | undefined): readonly unknown[] {
  if (place === undefined) return [undefined];
  const { eventUuid, intendedAtText: at, action, key, round, ledger } = place;
  return [eventUuid, eventUuid, at, at, action, key, round, ledger];
}

import type { Pool } from './pool.ts';
import { removeBodies } from './remove-bodies.ts';
import { removeEvents } from './remove-events.ts';
import { removeAudit, removeBodyKeys, removeDeliveries, removeEffects, removeRefusalCounts } from './remove-records.ts';
import type { RetentionCutoffs, RetentionStep } from './retention-step.ts';

export type { RetentionCursor, RetentionCutoffs, RetentionPage, RetentionStep } from './retention-step.ts';

/** Ages in days. */
export interface RetentionAges {
  readonly bodyDays: number;
  readonly deliveryDays: number;
  readonly eventDays: number;
  readonly effectDays: number;
  readonly auditDays: number;
  readonly dedupeDays: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long an event stays whole after its last run has ended: whoever has repaired it may look, and Temporal has forgotten the run. */
const SETTLING_DAYS = 7;

/** Every walk of a round, in an order in which what leaves together leaves in one round. */
export function createRetentionSteps(pool: Pool): readonly RetentionStep[] {
  return [removeBodies, removeEvents, removeDeliveries, removeRefusalCounts, removeEffects, removeBodyKeys, removeAudit].map((make) =>
    make(pool),
  );
}

/** What has outlived its age now, by PostgreSQL's clock. */
export async function readCutoffs(pool: Pool, ages: RetentionAges): Promise<RetentionCutoffs> {
  const { rows } = await pool.query<{ readonly now: Date }>({ name: 'retention.now', text: 'SELECT now() AS now' });
  const now = rows[0]?.now.getTime() ?? 0;
  const before = (days: number): Date => new Date(now - days * DAY_MS);
  const eventDays = Math.max(ages.eventDays, ages.dedupeDays);
  const bodyDays = Math.min(ages.bodyDays, eventDays);
  return {
    body: before(ages.bodyDays),
    delivery: before(ages.deliveryDays),
    event: before(eventDays),
    effect: before(ages.effectDays),
    dedupe: before(ages.dedupeDays),
    audit: before(ages.auditDays),
    settledBody: before(Math.min(SETTLING_DAYS, bodyDays)),
    settledEvent: before(Math.min(SETTLING_DAYS, eventDays)),
  };
}

import { record } from '../../store/analytics.ts';
import { defineAgent, stateAction } from '../define-agent.ts';

/** A fact to be counted. */
export interface AnalyticsRecord {
  readonly name: string;
  /** What it is about: an order's or a customer's id. */
  readonly subject: string;
  readonly value: number;
  /** ISO 4217; null for what is no money, or money of an unnamed currency. */
  readonly currency: string | null;
}

/** Facts for reports, in our own table; sums are made over its rows. */
export default defineAgent({
  name: 'analytics',
  actions: () => ({
    /** Appends one fact, exactly once. */
    record: stateAction(async (input: AnalyticsRecord, { db, call, effectKey }) => {
      await record(db, { ...input, key: effectKey, occurredAt: new Date(call.occurredAt) });
    }),
  }),
});

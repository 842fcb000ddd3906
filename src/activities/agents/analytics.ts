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
  /** Makes the fact one of its name, whichever events tell of it: a payment's id. @default each call is a fact of its own */
  readonly unique?: string;
}

/** Facts for reports, in our own table; sums are made over its rows. */
export default defineAgent({
  name: 'analytics',
  actions: () => ({
    /** Appends one fact, exactly once. */
    record: stateAction(async ({ unique, ...fact }: AnalyticsRecord, { db, call, effectKey }) => {
      const key = unique === undefined ? effectKey : `${fact.name}:${unique}`; // an effect's key holds no colon
      await record(db, { ...fact, key, occurredAt: new Date(call.occurredAt) });
    }),
  }),
});

import type { RunOutcome } from '../contracts/run.ts';

/** What a run writes into its row when it ends. */
export interface OutcomeRecord {
  readonly eventUuid: string;
  readonly chain: string;
  readonly attempt: number;
  readonly outcome: RunOutcome;
  /** Of the event, ISO 8601. */
  readonly receivedAt: string;
}

/** The internal activity by which a run writes its outcome; its name is `RECORD_OUTCOME`. */
export type RecordOutcome = {
  readonly 'hookline.recordOutcome': (record: OutcomeRecord) => Promise<void>;
};

import { processMetrics } from './metrics-process.ts';

/** One instrument of the table. */
export interface MetricEntry {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** What a value or an observation counts: `s`, `bytes`, or things. */
  readonly unit: string;
  /** Names of its labels, in order. Their values come from our own tables and settings, never from a sender. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending; a last one without bound is implied. */
  readonly buckets?: readonly number[];
  /** Which processes have it. */
  readonly of: 'ingress' | 'worker' | 'admin' | 'all';
  /** One sentence: what it measures. */
  readonly means: string;
}

const SHORT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const RUN_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];
const LONG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The one table of metrics, by their Prometheus names. `docs/metrics.md` is generated from it. */
export const metricsTable = {
  hookline_ingress_deliveries_total: {
    kind: 'counter',
    unit: 'deliveries',
    labels: ['source', 'outcome', 'cause'],
    of: 'ingress',
    means:
      'Deliveries answered, by what became of them; `cause` is a code of the errors table or empty, `source` is `-` where no source was reached.',
  },
  hookline_ingress_ack_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: [],
    buckets: SHORT_SECONDS,
    of: 'ingress',
    means: 'From the complete head of a delivery to its commit, of those answered 200.',
  },
  hookline_ingress_body_bytes: {
    kind: 'histogram',
    unit: 'bytes',
    labels: [],
    buckets: [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
    of: 'ingress',
    means: 'Body sizes of deliveries answered 200.',
  },
  hookline_ingress_handshake_failures_total: {
    kind: 'counter',
    unit: 'connections',
    labels: ['cause'],
    of: 'ingress',
    means:
      'TLS handshakes that have failed: the sender does not take our `certificate`, speaks `plain` HTTP, another `protocol`, was too slow (`timeout`), went (`aborted`), or `other`.',
  },
  hookline_ingress_certificate_expiry_timestamp_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    of: 'ingress',
    means: 'When the certificate that the public listener serves expires, in seconds since 1970; absent where a proxy ends TLS.',
  },
  hookline_inbox_commit_size: {
    kind: 'histogram',
    unit: 'deliveries',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    of: 'ingress',
    means: 'Deliveries of one commit of the inbox.',
  },
  hookline_inbox_commit_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: [],
    buckets: SHORT_SECONDS,
    of: 'ingress',
    means: 'How long a commit of the inbox takes, failed ones included.',
  },
  hookline_inbox_waiting: {
    kind: 'gauge',
    unit: 'deliveries',
    labels: [],
    of: 'ingress',
    means: 'Deliveries of this process that wait for their commit.',
  },
  hookline_starts_total: {
    kind: 'counter',
    unit: 'starts',
    labels: ['outcome', 'cause'],
    of: 'ingress',
    means:
      'Runs taken to Temporal: `started`, `adopted` (it ran already), `failed`, `later`, `unreachable` or `shedding` (Temporal takes no more just now); `cause` is the code of one that failed, else empty.',
  },
  hookline_start_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: [],
    buckets: SHORT_SECONDS,
    of: 'ingress',
    means: 'How long taking a run to Temporal takes, failed ones included.',
  },
  hookline_actions_total: {
    kind: 'counter',
    unit: 'attempts',
    labels: ['agent', 'action', 'outcome'],
    of: 'worker',
    means:
      'Attempts of actions: `done`, `repeated` (its result came from the ledger), `dry` (test traffic), `paused`, `waiting` (its vendor has asked for a pause) or `failed`.',
  },
  hookline_action_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['agent', 'action'],
    buckets: LONG_SECONDS,
    of: 'worker',
    means: 'How long an attempt of an action takes, failed ones included, paused and waiting ones not.',
  },
  hookline_runs_finished_total: {
    kind: 'counter',
    unit: 'runs',
    labels: ['chain', 'outcome'],
    of: 'worker',
    means: 'Runs that have written their outcome: `done`, `failed` or `stopped`.',
  },
  hookline_runs: {
    kind: 'gauge',
    unit: 'runs',
    labels: ['state'],
    of: 'all',
    means: 'Runs that are not done, by state: read from PostgreSQL, the same in every process, and absent while it cannot be read.',
  },
  hookline_runs_oldest_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['state'],
    of: 'all',
    means:
      'How long the run whose event came first has been `pending` (since its receipt), `repair_requested` or `started`; 0 where there is none.',
  },
  hookline_runs_stuck: {
    kind: 'gauge',
    unit: 'runs',
    labels: [],
    of: 'all',
    means: 'Started runs that Temporal cannot carry on, since their workflow task fails again and again; read from PostgreSQL.',
  },
  hookline_vendor_wait_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['adapter'],
    of: 'all',
    means: 'How long a vendor must still be left alone, as it has asked by `Retry-After`; absent where it has not.',
  },
  hookline_event_finish_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['chain'],
    buckets: RUN_SECONDS,
    of: 'worker',
    means: 'From the receipt of an event to the end of its chain, of first attempts.',
  },
  hookline_mails_total: {
    kind: 'counter',
    unit: 'mails',
    labels: ['outcome'],
    of: 'worker',
    means: 'Mails by what became of them: `sent`, `refused`, `unavailable` (it is tried again), `unknown` or `dry` (test traffic).',
  },
  hookline_superseded_total: {
    kind: 'counter',
    unit: 'writes',
    labels: ['entity'],
    of: 'worker',
    means: 'Writes to an entity that changed nothing, since a newer event had written before; `entity` is a type.',
  },
  hookline_effects_unknown: {
    kind: 'gauge',
    unit: 'effects',
    labels: [],
    of: 'all',
    means: 'Effects of which nobody knows whether they have happened; each waits for a person.',
  },
  hookline_events: {
    kind: 'gauge',
    unit: 'events',
    labels: ['state'],
    of: 'all',
    means: 'Events that wait for a person, `held` or `quarantined`: read from PostgreSQL, the same in every process.',
  },
  hookline_events_oldest_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['state'],
    of: 'all',
    means: 'How long ago the first event that is still `held` or `quarantined` was received; 0 where there is none.',
  },
  hookline_switches: {
    kind: 'gauge',
    unit: '1',
    labels: ['verb', 'kind', 'name'],
    of: 'all',
    means: '1 for everything that an operator has held or paused.',
  },
  hookline_alerts: {
    kind: 'gauge',
    unit: 'alerts',
    labels: ['rule'],
    of: 'admin',
    means:
      'Alerts that stand, by rule: `run.failed`, `refusals.spike`, `source.silent`, `backlog.old`, `effect.unknown`, `run.taskFailing`, `run.slow`.',
  },
  hookline_removed_total: {
    kind: 'counter',
    unit: 'rows',
    labels: ['what'],
    of: 'admin',
    means: 'Rows that have outlived their age and were removed: `bodies`, `deliveries`, `events`, `effects`, `bodyKeys`, `audit`.',
  },
  hookline_ready: {
    kind: 'gauge',
    unit: '1 or 0',
    labels: [],
    of: 'all',
    means: 'What `/readyz` says: whether this process should be sent work.',
  },
  hookline_postgres_up: {
    kind: 'gauge',
    unit: '1 or 0',
    labels: [],
    of: 'all',
    means: 'Whether PostgreSQL answers this process and takes writes.',
  },
  hookline_temporal_up: {
    kind: 'gauge',
    unit: '1 or 0',
    labels: [],
    of: 'all',
    means: 'Whether Temporal answers this process for its namespace.',
  },
  ...processMetrics,
} as const satisfies Record<string, MetricEntry>;

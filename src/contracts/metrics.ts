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
  readonly of: 'ingress' | 'worker' | 'all';
  /** One sentence: what it measures. */
  readonly means: string;
}

const SHORT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
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
    labels: ['outcome'],
    of: 'ingress',
    means: 'Runs taken to Temporal: `started`, `adopted` (it ran already), `failed`, `later` or `unreachable`.',
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
    means: 'Attempts of actions: `done`, `repeated` (its result came from the ledger) or `failed`.',
  },
  hookline_action_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['agent', 'action'],
    buckets: LONG_SECONDS,
    of: 'worker',
    means: 'How long an attempt of an action takes, failed ones included.',
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
  hookline_effects_unknown: {
    kind: 'gauge',
    unit: 'effects',
    labels: [],
    of: 'all',
    means: 'Effects of which nobody knows whether they have happened; each waits for a person.',
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
  hookline_event_loop_delay_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['stat'],
    of: 'all',
    means: 'How much later than asked the event loop comes round: `p50`, `p99` and `max` of the last 10 to 20 s.',
  },
  hookline_build_info: {
    kind: 'gauge',
    unit: '1',
    labels: ['version', 'node', 'role'],
    of: 'all',
    means: 'Always 1; the labels tell what runs here.',
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    unit: 's',
    labels: [],
    of: 'all',
    means: 'Processor time of the process, of user and system.',
  },
  process_resident_memory_bytes: { kind: 'gauge', unit: 'bytes', labels: [], of: 'all', means: 'Memory of the process.' },
  process_start_time_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    of: 'all',
    means: 'When the process started, in seconds since 1970.',
  },
} as const satisfies Record<string, MetricEntry>;

type Table = typeof metricsTable;

/** A name of the table. */
export type MetricName = keyof Table;

type NameOf<Kind extends MetricEntry['kind']> = { [Name in MetricName]: Table[Name]['kind'] extends Kind ? Name : never }[MetricName];

/** The labels of a metric, each with its value. */
export type LabelsOf<Name extends MetricName> = { readonly [Label in Table[Name]['labels'][number]]: string };

/** One value of a metric. */
export interface Sample<Name extends MetricName> {
  readonly labels: LabelsOf<Name>;
  readonly value: number;
}

/** What the rooms measure with. Costs a microsecond, never waits, never throws. */
export interface Meter {
  /** Raises a counter, by one unless told. */
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  /** Puts one observation into a histogram. */
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Has the values of a metric read at each scrape; a later call for the same name replaces it. `read` must not wait. */
  watch<Name extends NameOf<'gauge' | 'counter'>>(name: Name, read: () => readonly Sample<Name>[]): void;
}

/** A meter that measures nothing, for whoever is given none. */
export const NO_METER: Meter = Object.freeze({ count: () => {}, observe: () => {}, watch: () => {} });

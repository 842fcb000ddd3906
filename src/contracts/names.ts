/** Temporal's task queue for workflows and the actions that run beside them; client and worker share it. */
export const TASK_QUEUE = 'hookline';

/** The internal activity by which a run writes its outcome into its row. */
export const RECORD_OUTCOME = 'hookline.recordOutcome';

/** Search attributes, all of type Keyword. Servers without them are told so in the run's input. */
export const SEARCH_ATTRIBUTES = {
  source: 'HooklineSource',
  event: 'HooklineEvent',
  entity: 'HooklineEntity',
  chain: 'HooklineChain',
  outcome: 'HooklineOutcome',
} as const;

/** Keys of a run's memo. */
export const MEMO = { event: 'hookline_event', attempt: 'hookline_attempt' } as const;

/**
 * Every field that a log line may have beside pino's own `level time msg err`: snake_case, unit as suffix.
 * `msg` is constant text; values stand in fields; payloads and secrets never do.
 */
export const LOG_FIELDS = [
  'action',
  'address',
  'admin_url',
  'agent',
  'attempt',
  'bytes',
  'cause',
  'chain',
  'code',
  'component',
  'count',
  'delivery_id',
  'dry',
  'duration_s',
  'effect_key',
  'event_id',
  'event_type',
  'event_uuid',
  'http_status',
  'outcome',
  'pid',
  'port',
  'provider',
  'provider_type',
  'quarantined',
  'repeated',
  'rule',
  'run_id',
  'signal',
  'sink',
  'size_bytes',
  'source',
  'state',
  'step_attempt',
  'target',
  'url',
  'workflow_id',
] as const;

/** A field of a log line. */
export type LogField = (typeof LOG_FIELDS)[number];

/** The little of pino that the rooms need. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Fields of one log line. */
export type LogFields = { readonly [field in LogField]?: string | number | boolean | undefined } & { readonly err?: unknown };

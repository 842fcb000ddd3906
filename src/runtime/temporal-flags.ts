import { SEARCH_ATTRIBUTES } from '../contracts/names.ts';

/**
 * Server settings that the development server needs to be quick, and that a server of any size may carry. Unknown keys are
 * ignored by older servers. Measured with 1.29.1 and 1.32: three-step chains run two to nine times faster.
 */
const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  // 20 a second and shard by default, and there is one shard: every step would wait for a beat of 50 ms
  'history.transferProcessorMaxPollRPS': '2000',
  'history.timerProcessorMaxPollRPS': '2000',
  // 1 s by default: every shorter timer or back-off would take a second
  'history.timerProcessorMaxTimeShift': '"10ms"',
  // one partition: priority and fairness are strict, and nothing is forwarded
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  'matching.useNewMatcher': 'true',
  'matching.enableFairness': 'true',
  'frontend.WorkflowPauseEnabled': 'true',
  'system.enableEagerWorkflowStart': 'true',
  // off by default: an action goes to the worker with the answer to the task that has called for it, without a turn in a task queue
  'system.enableActivityEagerExecution': 'true',
  // asks Temporal's servers for newer versions: a development server must not need the internet
  'frontend.enableServerVersionCheck': 'false',
};

/** What the flags depend on. */
export interface TemporalFlagOptions {
  readonly port: number;
  /** Null: no UI. */
  readonly uiPort: number | null;
  readonly databaseFile: string;
  readonly namespace: string;
  /** Server-side time skipping (1.32), for tests. */
  readonly timeSkipping: boolean;
  /** Further server settings, over those of every development server. @default none */
  readonly dynamicConfig?: Readonly<Record<string, string>> | undefined;
  /** The text of `server start-dev --help`: tells which flags this CLI knows. */
  readonly help: string;
}

/** The arguments of one tuned development server, bound to loopback, with our search attributes; development, demo, tests and benchmarks share them. */
export function toTemporalFlags({
  port,
  uiPort,
  databaseFile,
  namespace,
  timeSkipping,
  dynamicConfig,
  help,
}: TemporalFlagOptions): readonly string[] {
  const config = { ...DYNAMIC_CONFIG, ...(timeSkipping ? { 'frontend.WorkflowTimeSkippingEnabled': 'true' } : {}), ...dynamicConfig };
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--namespace=${namespace}`,
    uiPort === null ? '--headless' : `--ui-port=${uiPort}`,
    // the UI would load news from Temporal's site; flag of CLI 1.9
    ...(uiPort !== null && help.includes('--ui-disable-news-fetch') ? ['--ui-disable-news-fetch'] : []),
    `--db-filename=${databaseFile}`,
    '--sqlite-pragma=journal_mode=wal',
    // NORMAL: a power cut may lose the last commits, which the inbox starts again; an end of the process loses nothing
    '--sqlite-pragma=synchronous=1',
    '--log-level=warn',
    '--log-format=json',
    ...Object.values(SEARCH_ATTRIBUTES).map((name) => `--search-attribute=${name}=Keyword`),
    ...Object.entries(config).map(([key, value]) => `--dynamic-config-value=${key}=${value}`),
  ];
}

import { adapterSettings } from './settings-adapters.ts';
import type { SettingKind } from './settings-kinds.ts';
import { operationsSettings } from './settings-operations.ts';
import { sourceSettings } from './settings-sources.ts';
import { addressList, bytes, choice, hostList, integer, listenHost, text, url } from './settings-kinds.ts';

/** One row of the settings table. */
export interface SettingEntry<Value = unknown> {
  readonly kind: SettingKind<Value>;
  readonly default?: Value;
  /** What happens without a value, where there is no default. */
  readonly unset?: string;
  /** Where a value must stand: in every file, or outside development. */
  readonly required?: 'always' | 'production';
  /** The setting that makes this one needed. */
  readonly requiredWith?: string;
  /** The setting that does as well where this one is needed. */
  readonly alternative?: string;
  readonly unit?: string;
  /** `whole`: the value is a secret; `password`: the password in a URL is. */
  readonly secret?: 'whole' | 'password';
  /** The environment variable that overrides the file. */
  readonly variable?: string;
  /** One sentence: what the setting does. */
  readonly means: string;
  /** What to do about a wrong value, where this is more than reading the page. */
  readonly fix?: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 3_650;
const MIB = 1024 ** 2;
const milliseconds = (min: number, max = DAY_MS): SettingKind<number> => integer({ min, max });

/** The one table of settings, by dotted path; `*` stands for a name. `docs/settings.md` is generated from it. */
export const settingsTable = {
  ...sourceSettings,

  publicUrl: {
    kind: url('https', 'http'),
    unset: 'the address of the public listener',
    means: 'Where providers reach the public listener, without `/webhooks/<source>`; some sign it, and lists show it for pasting.',
  },

  'ingress.host': {
    kind: listenHost(),
    default: '127.0.0.1',
    means:
      'The address that the public listener binds; beyond loopback it needs `ingress.tls`, or `ingress.trustProxy`, the proxy in front that ends TLS.',
    fix: 'take `127.0.0.1`, or an address that the proxy in front reaches, or give `ingress.tls` certificate and key',
  },
  'ingress.port': {
    kind: integer({ min: 0, max: 65_535 }),
    default: 8787,
    means: 'The port of the public listener; 0 takes any free one.',
  },
  'ingress.trustProxy': {
    kind: addressList(),
    default: [],
    means: 'The proxies in front, whose `X-Forwarded-For` names the sender; from everybody else that header is not believed.',
    fix: 'list the addresses from which your own proxies connect; a number of hops or `true` would believe what anybody writes',
  },
  'ingress.tls.cert': {
    kind: text('the path of a PEM file'),
    unset: 'plain HTTP, for a proxy in front or this machine alone',
    requiredWith: 'ingress.tls.key',
    means:
      'The file with the certificate of the public listener, then its chain; relative to the working directory, and read again when it changes.',
    fix: 'give certificate and key, or neither',
  },
  'ingress.tls.key': {
    kind: text('the path of a PEM file'),
    unset: 'plain HTTP, for a proxy in front or this machine alone',
    requiredWith: 'ingress.tls.cert',
    means:
      'The file with the private key of that certificate, without a passphrase; relative to the working directory, and read again when it changes.',
    fix: 'give certificate and key, or neither',
  },
  'ingress.bodyLimit': { kind: bytes({ min: 1024, max: 64 * MIB }), default: MIB, unit: 'bytes', means: 'The largest body that is taken.' },
  'ingress.headersTimeoutMs': {
    kind: milliseconds(100),
    default: 5_000,
    unit: 'ms',
    means: 'The time in which the headers of a request must be complete.',
  },
  'ingress.requestTimeoutMs': {
    kind: milliseconds(100),
    default: 10_000,
    unit: 'ms',
    means: 'The time in which a whole request must be complete.',
  },
  'ingress.keepAliveTimeoutMs': {
    kind: milliseconds(0),
    default: 72_000,
    unit: 'ms',
    means: 'How long an idle connection stays open; longer than the proxy in front keeps it.',
  },
  'ingress.maxConnections': {
    kind: integer({ min: 1, max: 100_000 }),
    default: 1_000,
    means:
      'The most connections at a time, 100 fewer than the process may open files; of more, the oldest that has brought nothing signed is closed.',
  },

  ...operationsSettings,

  'inbox.dedupeDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 90,
    unit: 'd',
    means: "How long an event's id is never accepted a second time; at least the provider's retry horizon.",
  },
  'inbox.maxWaiting': {
    kind: integer({ min: 1, max: 1_000_000 }),
    default: 10_000,
    unit: 'deliveries',
    means: 'The most deliveries that wait for PostgreSQL; more are answered 503.',
  },

  'database.url': {
    kind: url('postgres', 'postgresql'),
    unset: 'an embedded PostgreSQL in the data folder',
    required: 'production',
    secret: 'password',
    variable: 'DATABASE_URL',
    means: 'The PostgreSQL (15 or later) that holds everything Hookline has acknowledged.',
  },

  'temporal.address': {
    kind: text('a host and port, such as `localhost:7233`', /^[A-Za-z0-9.[\]:_-]{1,253}:\d{1,5}$/),
    unset: '`TEMPORAL_ADDRESS` or `temporal.toml`, else an embedded Temporal server',
    means: 'The Temporal server; everything else of the connection is in `TEMPORAL_*` or `temporal.toml`.',
  },
  'temporal.namespace': {
    kind: text('a namespace', /^[A-Za-z0-9._-]{1,255}$/),
    unset: '`TEMPORAL_NAMESPACE` or `temporal.toml`, else `default`',
    means: 'The Temporal namespace.',
  },
  'temporal.uiUrl': {
    kind: url('http', 'https'),
    unset: 'that of the embedded server, else no links',
    means: 'The Temporal UI that links lead to.',
  },

  ...adapterSettings,

  'http.allow': {
    kind: hostList(),
    default: [],
    means: 'Hosts, addresses and ranges that outbound calls may reach although they are private.',
  },

  'starter.sweepMs': {
    kind: milliseconds(50, 60_000),
    default: 500,
    unit: 'ms',
    means: 'How often the starter looks for runs that are due.',
  },
  'starter.concurrency': {
    kind: integer({ min: 1, max: 1_000 }),
    default: 20,
    means: 'The most starts under way at a time; fewer while Temporal answers them late.',
  },
  'starter.leaseMs': {
    kind: milliseconds(5_000, 600_000),
    default: 10_000,
    unit: 'ms',
    means: 'After how long another process takes over a start whose process is gone.',
  },

  'worker.maxCachedWorkflows': {
    kind: integer({ min: 0, max: 100_000 }),
    default: 300,
    unit: 'runs',
    means: 'The most runs kept in memory; others are replayed when they go on.',
  },
  'worker.maxConcurrentActivities': {
    kind: integer({ min: 1, max: 10_000 }),
    default: 100,
    means: 'The most actions under way at a time.',
  },
  'worker.shutdownGraceMs': {
    kind: milliseconds(0, 600_000),
    default: 6_000,
    unit: 'ms',
    means: 'How long actions under way may go on after a stop was asked for.',
  },

  'log.level': { kind: choice('debug', 'info', 'warn', 'error'), default: 'info', means: 'The least important lines that are logged.' },
  data: {
    kind: text('a folder'),
    default: '.hookline',
    means: 'The folder of everything that is kept on this machine; relative to the working directory.',
  },
} as const satisfies Record<string, SettingEntry>;

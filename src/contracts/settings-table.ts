import { adapterSettings } from './settings-adapters.ts';
import type { SettingKind } from './settings-kinds.ts';
import {
  addressList,
  bytes,
  choice,
  dataLocator,
  eventTypeList,
  hostList,
  idLocator,
  integer,
  listenHost,
  loopbackHost,
  notEmpty,
  secretList,
  text,
  timeLocator,
  typeLocator,
  url,
} from './settings-kinds.ts';

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
const MIB = 1024 ** 2;
const milliseconds = (min: number, max = DAY_MS): SettingKind<number> => integer({ min, max });

/** The one table of settings, by dotted path; `*` stands for a name. `docs/settings.md` is generated from it. */
export const settingsTable = {
  'sources.*.provider': {
    kind: text('the name of a provider', /^[a-z][a-z0-9-]{0,63}$/),
    required: 'always',
    means: 'The vendor contract by which deliveries of this source are verified and read.',
  },
  'sources.*.secrets': {
    kind: secretList(),
    required: 'always',
    secret: 'whole',
    means: 'Live secrets, any of which may have signed a delivery; list the new and the old one while the provider changes over.',
  },
  'sources.*.id': {
    kind: idLocator(),
    unset: "where the provider's contract has it",
    means: "Where an event's id stands; `bodyHash` makes equal bodies one event.",
  },
  'sources.*.type': {
    kind: typeLocator(),
    unset: "where the provider's contract has it",
    means: "Where an event's type stands; a plain text is the type of every event of the source.",
  },
  'sources.*.time': {
    kind: timeLocator(),
    unset: "where the provider's contract has it",
    means: "Where an event's time stands (ISO 8601).",
  },
  'sources.*.data': {
    kind: dataLocator(),
    unset: "where the provider's contract has it",
    means: "Where an event's data stand; the empty pointer is the whole body.",
  },
  'sources.*.references': {
    kind: text('the name of a system', /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/),
    unset: "the source's own name",
    means: 'The system of orders that payments of this source name without one: `shopify` makes `1001` the order `shopify:1001`.',
  },
  'sources.*.toleranceSeconds': {
    kind: integer({ min: 1, max: 7 * 24 * 60 * 60 }),
    unset: "the provider's own limit, 300",
    unit: 's',
    means: 'How old the time that is signed with a delivery may be, where the provider signs one; a larger age is refused.',
  },
  'sources.*.sameBody': {
    kind: choice('flag', 'refuse', 'allow'),
    unset: '`flag`',
    means:
      'What becomes of a body that was taken before and comes under another id, where the signature does not cover the id: it is taken and marked, answered 400, or taken.',
  },
  'sources.*.allow': {
    kind: notEmpty(addressList()),
    unset: 'every address',
    means: 'The addresses that may post to this source, beside being signed; others are answered 403 before their body is read.',
    fix: "take the vendor's published ranges; behind a proxy they are looked for in what `ingress.trustProxy` forwards",
  },
  'sources.*.include': {
    kind: notEmpty(eventTypeList()),
    unset: 'every type',
    means:
      "The event types that go to chains, by canonical name, by `provider:type` or by the provider's own; others are stored and ignored.",
  },
  'sources.*.exclude': {
    kind: notEmpty(eventTypeList()),
    unset: 'no type',
    means: 'The event types that are stored and ignored, in the same words; a type on both lists is ignored.',
  },

  'ingress.host': {
    kind: listenHost(),
    default: '127.0.0.1',
    means: 'The address that the public listener binds; beyond loopback it needs `ingress.trustProxy`, the proxy in front that ends TLS.',
    fix: 'take `127.0.0.1`, or where a proxy in front ends TLS an address that it reaches',
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
    means: 'The most connections at a time; more are closed at once.',
  },

  'admin.host': {
    kind: loopbackHost(),
    default: '127.0.0.1',
    means: 'The address that the listener for operators binds: health, readiness and metrics, without a login.',
    fix: 'bind to `127.0.0.1`, and let what scrapes it run on this machine or come by a tunnel',
  },
  'admin.port': {
    kind: integer({ min: 0, max: 65_535 }),
    default: 8788,
    means: 'The port of the listener for operators; 0 takes any free one, and without a value the next free one does as well.',
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
  'starter.concurrency': { kind: integer({ min: 1, max: 1_000 }), default: 20, means: 'The most starts under way at a time.' },
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

import { addressList, choice, integer, listenHost, mailAddressList, notEmpty, standardSecret, text, url } from './settings-kinds.ts';
import type { SettingKind } from './settings-kinds.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 3_650;
const milliseconds = (min: number, max = DAY_MS): SettingKind<number> => integer({ min, max });

/** Rows of the settings table: what operators work with. */
export const operationsSettings = {
  'admin.host': {
    kind: listenHost(),
    default: '127.0.0.1',
    means:
      'The address that the listener for operators binds: admin API, health, readiness and metrics; beyond loopback it demands tokens, and `admin.tls` or `admin.trustProxy`.',
    fix: 'bind to `127.0.0.1` and come by a tunnel, or give `admin.tls` certificate and key, or name the proxy that ends TLS in `admin.trustProxy`',
  },
  'admin.port': {
    kind: integer({ min: 0, max: 65_535 }),
    default: 8788,
    means: 'The port of the listener for operators; 0 takes any free one, and without a value the next free one does as well.',
  },

  'admin.tls.cert': {
    kind: text('the path of a PEM file'),
    unset: 'plain HTTP',
    requiredWith: 'admin.tls.key',
    means:
      'The file with the certificate of the listener for operators, then its chain; relative to the working directory, and read again when it changes.',
    fix: 'give certificate and key, or neither',
  },
  'admin.tls.key': {
    kind: text('the path of a PEM file'),
    unset: 'plain HTTP',
    requiredWith: 'admin.tls.cert',
    means:
      'The file with the private key of that certificate, without a passphrase; relative to the working directory, and read again when it changes.',
    fix: 'give certificate and key, or neither',
  },
  'admin.trustProxy': {
    kind: addressList(),
    default: [],
    means: 'The proxies in front of the listener for operators, which end TLS; nobody else may connect to it beyond loopback.',
    fix: 'list the addresses from which your own proxies connect',
  },
  'admin.auth': {
    kind: choice('remote', 'always'),
    default: 'remote',
    means: 'Who needs a token of `hookline token`: whoever does not come from this machine, or everybody.',
  },

  'alerts.mailTo': {
    kind: notEmpty(mailAddressList()),
    unset: 'no alert is mailed',
    means:
      'Who is mailed when something needs a person: a run that failed, is stuck or slow, a spike of refusals, a silent source, an old backlog, an unknown effect.',
  },
  'alerts.url': {
    kind: url('http', 'https'),
    unset: 'no alert is posted',
    secret: 'whole',
    means: 'Where alerts are posted as JSON with a `text`: an incoming webhook of Slack, or whatever takes the same.',
    fix: 'write `${NAME}` or `{ file: path }`: whoever knows such a URL can post to it',
  },
  'alerts.secret': {
    kind: standardSecret(),
    unset: 'posted alerts are not signed',
    secret: 'whole',
    means: 'The Standard Webhooks secret that signs posted alerts, for receivers that verify them.',
    fix: 'take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
  },
  'alerts.everyMs': {
    kind: milliseconds(100, 3_600_000),
    default: 15_000,
    unit: 'ms',
    means: 'How often it is looked whether something needs a person; what happens between two looks is told together.',
  },
  'alerts.remindHours': {
    kind: integer({ min: 1, max: 24 * 30 }),
    default: 24,
    unit: 'h',
    means: 'After how long an alert that still stands is told again.',
  },
  'alerts.backlogSeconds': {
    kind: integer({ min: 1, max: 7 * 24 * 60 * 60 }),
    default: 300,
    unit: 's',
    means: 'How long an event may wait for its start before operators are alerted.',
  },
  'alerts.slowSeconds': {
    kind: integer({ min: 1, max: 30 * 24 * 60 * 60 }),
    default: 3_600,
    unit: 's',
    means: 'How long a run may be under way before operators are alerted; longer than the longest wait of your own chains.',
  },
  'alerts.refusalsPerMinute': {
    kind: integer({ min: 1, max: 1_000_000 }),
    default: 60,
    unit: 'deliveries/min',
    means: 'How many refused deliveries of one source in one minute are a spike.',
  },

  'retention.bodyDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 30,
    unit: 'd',
    means: 'How long bodies and projected data are kept; those of events that a replay may still need stay.',
  },
  'retention.deliveryDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 90,
    unit: 'd',
    means: 'How long deliveries are kept, refused ones too, and the minutes in which refusals were only counted.',
  },
  'retention.eventDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 180,
    unit: 'd',
    means:
      'How long finished events and their runs are kept; an event that waits for a person stays, and none leaves within `inbox.dedupeDays`.',
  },
  'retention.effectDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 180,
    unit: 'd',
    means: 'How long settled effects are kept; never shorter than their event.',
  },
  'retention.auditDays': {
    kind: integer({ min: 1, max: MAX_DAYS }),
    default: 730,
    unit: 'd',
    means: 'How long it is kept who has changed what.',
  },
  'retention.everyMs': {
    kind: milliseconds(100, DAY_MS),
    default: 600_000,
    unit: 'ms',
    means: 'How often it is looked for what has outlived its age; it is removed in small batches.',
  },
} as const;

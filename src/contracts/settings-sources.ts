import {
  addressList,
  choice,
  dataLocator,
  eventTypeList,
  idLocator,
  integer,
  notEmpty,
  secretList,
  text,
  timeLocator,
  typeLocator,
} from './settings-kinds.ts';

/** Rows of the settings table: of each source. */
export const sourceSettings = {
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

  'sources.*.rateLimit.perSecond': {
    kind: integer({ min: 1, max: 100_000 }),
    unset: 'no limit',
    unit: 'deliveries/s',
    means: 'How many signed deliveries a second one ingress process takes of this source; more are answered 429, with `Retry-After`.',
  },
  'sources.*.rateLimit.burst': {
    kind: integer({ min: 1, max: 1_000_000 }),
    unset: 'ten times `perSecond`',
    unit: 'deliveries',
    means: 'How many signed deliveries may come at once after a quiet time, where `perSecond` limits the source.',
  },
  'sources.*.test': {
    kind: choice('dry', 'live'),
    unset: '`dry`',
    means: 'Whether events that the vendor marks as test traffic reach dry adapters only, or are treated like all others.',
  },
  'sources.*.silentAfterHours': {
    kind: integer({ min: 1, max: 24 * 365 }),
    unset: 'silence is never told',
    unit: 'h',
    means: 'After how long without a delivery of this source operators are alerted.',
  },
} as const;

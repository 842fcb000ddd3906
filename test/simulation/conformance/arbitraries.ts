import fc from 'fast-check';
import type { Deed, LedgerDeed, WishedEffect } from './deeds.ts';

const effect = fc.record<WishedEffect>({
  action: fc.constantFrom('simulated.a', 'simulated.a', 'simulated.b'),
  round: fc.constantFrom(0, 0, 0, 1),
  attempt: fc.integer({ min: 1, max: 2 }),
  runId: fc.constantFrom('r1', 'r2'),
  moreSends: fc.constantFrom(0, 0, 0, 1),
  dry: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
});

/** What may be part of a transaction. */
export const ledgerDeeds: fc.Arbitrary<LedgerDeed> = fc.oneof(
  fc.record({ kind: fc.constantFrom('claim', 'claim', 'takeOver', 'markSending', 'markSending', 'markSending', 'undo'), effect }),
  fc.record({ kind: fc.constant('settle'), effect, state: fc.constantFrom('done', 'unknown', 'intended') }),
  fc.record({ kind: fc.constant('settleAndWait'), effect, retryAfterMs: fc.constantFrom(500, 20_000) }),
  fc.record({ kind: fc.constant('entity'), id: fc.constantFrom('1', '2'), value: fc.integer({ min: 0, max: 2 }) }),
);

const run = { run: fc.nat(3), attempts: fc.constantFrom(-1, 0, 0, 0, 1) };

/** Deliveries of few events, some of them several times, and with other bodies. */
export const additions: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constant('add'),
  deliveries: fc.array(
    fc.record({
      events: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
      chains: fc.constantFrom(['one'], ['one'], ['one', 'two'], []),
      body: fc.constantFrom('a', 'b'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

const leases: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constant('lease'),
  owner: fc.integer({ min: 1, max: 2 }),
  limit: fc.integer({ min: 1, max: 3 }),
});

/** What starters, runs and people do to runs. */
export const runDeeds: fc.Arbitrary<Deed> = fc.oneof(
  leases,
  leases,
  fc.record({
    kind: fc.constant('mark'),
    mark: fc.constantFrom(
      'markStarted',
      'markStarted',
      'markStarted',
      'postpone',
      'failStart',
      'restartForgotten',
      'markStuck',
      'clearStuck',
    ),
    ...run,
  }),
  fc.record({ kind: fc.constant('outcome'), state: fc.constantFrom('done', 'failed', 'stopped'), ...run }),
  fc.record({ kind: fc.constant('dueChecks'), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('checkAllSoon') }),
  fc.record({ kind: fc.constant('repair'), run: fc.nat(3), again: fc.boolean(), isOfChain: fc.boolean() }),
);

/** What people do to effects and switches. */
export const peopleDeeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('resolve'), effect, verdict: fc.constantFrom('sent', 'sendAgain'), replay: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('set', 'clear', 'clear'),
    change: fc.constantFrom(
      { verb: 'hold', kind: 'all', name: '*' },
      { verb: 'pause', kind: 'source', name: 'shop' },
      { verb: 'pause', kind: 'chain', name: 'one' },
      { verb: 'pause', kind: 'agent', name: 'simulated' },
      { verb: 'pause', kind: 'adapter', name: 'mail' },
    ),
  }),
);

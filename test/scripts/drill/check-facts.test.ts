import { describe, expect, it } from 'vitest';
import { checkFacts } from '../../../scripts/drill/check-facts.ts';
import type { Facts } from '../../../scripts/drill/facts.ts';
import { RULES } from '../../../scripts/drill/verdict.ts';
import { BREAKS } from './broken-facts.ts';
import { FACTS_WITH_UNKNOWN_MAIL, GOOD_FACTS } from './good-facts.ts';
import { multiply } from './multiply.ts';

const rulesOf = (facts: Facts): readonly string[] => [...new Set(checkFacts(facts).violations.map(({ rule }) => rule))];

describe('the checker of drills', () => {
  it('finds nothing where everything held, and counts it', () => {
    expect(checkFacts(GOOD_FACTS)).toEqual({
      ok: true,
      counts: {
        faults: 1,
        sent: 3,
        acknowledged: 3,
        tries: 6,
        duplicates: 1,
        runs: { done: 3 },
        effects: { mail: 1, warehouse: 2, crm: 1, analytics: 1, stock: 1 },
        repeats: 1,
      },
      ackMs: { count: 4, p50: 5, p99: 9, max: 9 },
      ackMsWithoutTemporal: { count: 1, p50: 5, p99: 5, max: 5 },
      kills: { temporal: 1, worker: 1 },
      recovery: [
        {
          kind: 'temporal kill',
          ms: { count: 1, p50: 5_500, p99: 5_500, max: 5_500 },
          ownMs: { count: 1, p50: 4_500, p99: 4_500, max: 4_500 },
          stillMs: { count: 1, p50: 4_500, p99: 4_500, max: 4_500 },
        },
        {
          kind: 'worker kill',
          ms: { count: 1, p50: 4_800, p99: 4_800, max: 4_800 },
          ownMs: { count: 1, p50: 4_500, p99: 4_500, max: 4_500 },
          stillMs: { count: 1, p50: 4_500, p99: 4_500, max: 4_500 },
        },
        {
          kind: 'ingress stop',
          ms: { count: 1, p50: 3_500, p99: 3_500, max: 3_500 },
          ownMs: { count: 1, p50: 3_000, p99: 3_000, max: 3_000 },
          stillMs: { count: 1, p50: 3_000, p99: 3_000, max: 3_000 },
        },
      ],
      stops: { ingress: { count: 1, p50: 100, p99: 100, max: 100 } },
      resets: 0,
      drain: null,
      growth: [
        {
          process: 'worker-1',
          samples: 300,
          rssMb: { first: 302, last: 300, max: 306 },
          mbPerMinute: expect.closeTo(0, 1),
          fds: { early: 42, late: 42 },
        },
      ],
      violations: [],
      unknownMails: [],
      explained: [],
    });
  });

  it.each(BREAKS)('$rule: $what', ({ rule, change }) => {
    expect(rulesOf(change(GOOD_FACTS))).toContain(rule);
  });

  it('has a break for every rule', () => {
    expect(RULES.filter((rule) => !BREAKS.some((one) => one.rule === rule))).toEqual([]);
  });

  it('judges 50,000 events within seconds', { timeout: 120_000 }, () => {
    const facts = multiply(GOOD_FACTS, 17_000);
    const before = process.cpuUsage();
    expect(checkFacts(facts).violations).toEqual([]);
    // 2 s of a core; a check that looks at every event for each event takes minutes of it
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(15);
  });

  it('says which event, and how', () => {
    const violations = checkFacts({ ...GOOD_FACTS, events: GOOD_FACTS.events.filter(({ id }) => id !== 'order-1') }).violations;
    expect(violations).toContainEqual({ rule: 'event.lost', about: 'order-1', detail: 'acknowledged, and not in the database' });
  });
});

describe('what is not done, and explained', () => {
  it('a mail of which nobody knows is listed, with how often its server has taken it', () => {
    const verdict = checkFacts(FACTS_WITH_UNKNOWN_MAIL);
    expect(verdict.violations).toEqual([]);
    expect(verdict.unknownMails).toEqual([
      { eventId: 'order-1', action: 'email.sendOrderConfirmation', to: ['order-1@example.com'], taken: 1 },
    ]);
    expect(verdict.explained).toEqual([{ eventId: 'order-1', state: 'failed', reason: 'effect.unknown' }]);
  });

  it('not even such a mail may have gone out twice', () => {
    const [, mail] = FACTS_WITH_UNKNOWN_MAIL.vendors;
    expect(rulesOf({ ...FACTS_WITH_UNKNOWN_MAIL, vendors: [...FACTS_WITH_UNKNOWN_MAIL.vendors, ...(mail ? [mail] : [])] })).toEqual([
      'effect.doubled',
    ]);
  });

  const waiting: Facts = {
    ...GOOD_FACTS,
    runs: GOOD_FACTS.runs.map((run) => (run.chain === 'new-order' ? { ...run, state: 'started' } : run)),
  };

  it.each(['pause chain new-order', 'pause agent email', 'pause adapter mail', 'pause source shop', 'hold all *'])(
    'a run waits because of `%s`',
    (one) => {
      const verdict = checkFacts({ ...waiting, switches: [one] });
      expect(verdict.violations).toEqual([]);
      expect(verdict.explained).toEqual([{ eventId: 'order-1', state: 'started', reason: one }]);
    },
  );

  it.each(['pause chain welcome-user', 'hold source shop'])('no run waits because of `%s`', (one) => {
    expect(rulesOf({ ...waiting, switches: [one] })).toEqual(['run.waiting']);
  });

  it('an event is held because of a hold', () => {
    const [order] = GOOD_FACTS.events;
    const held: Facts = {
      ...GOOD_FACTS,
      events: [...GOOD_FACTS.events.slice(1), ...(order ? [{ ...order, state: 'held', code: 'event.held' }] : [])],
      runs: GOOD_FACTS.runs.filter(({ chain }) => chain !== 'new-order'),
      effects: GOOD_FACTS.effects.filter(({ action }) => action.startsWith('crm.')),
      entities: GOOD_FACTS.entities.filter(({ type }) => type === 'customer'),
      vendors: GOOD_FACTS.vendors.filter(({ vendor }) => vendor === 'crm'),
      stock: { initial: 100, available: 100, held: 0 },
    };
    expect(rulesOf({ ...held, switches: ['hold source shop'] })).toEqual([]);
    expect(rulesOf(held)).toEqual(['event.notRouted']);
  });

  it('an effect that two events call for is owed by neither while one of them has failed', () => {
    const shared = { vendor: 'team', about: 'shop:ticket-1' } as const;
    const two: Facts = { ...GOOD_FACTS, sent: GOOD_FACTS.sent.map((sent) => ({ ...sent, expects: [...sent.expects, shared] })) };
    expect(rulesOf(two)).toEqual(['effect.missing']);
    const run = GOOD_FACTS.runs.find(({ eventUuid }) => eventUuid === 'uuid of change-1');
    expect(
      rulesOf({ ...two, runs: two.runs.map((one) => (one === run ? { ...one, state: 'failed', code: 'http.refused' } : one)) }),
    ).toEqual([]);
  });
});

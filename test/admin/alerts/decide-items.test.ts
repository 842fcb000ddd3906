import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideItems } from '../../../src/admin/alerts/decide-items.ts';
import { decideStanding, toAlertKey } from '../../../src/admin/alerts/decide-standing.ts';
import type { AlertItem } from '../../../src/store/alert-messages.ts';
import { ALERT_RULES } from '../../../src/store/alerts.ts';
import type { AlertTelling, StandingAlert } from '../../../src/store/alerts.ts';

const SECOND_MS = 1_000;
const REMIND_MS = 24 * 3_600 * SECOND_MS;
const CLEAR_MS = 300 * SECOND_MS;
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24) + second * SECOND_MS);
const key = { rule: 'run.failed', target: 'new-order' } as const;
const standing = (count: number, seenAt = 100): StandingAlert => ({ ...key, since: at(0), seenAt: at(seenAt), count });
const told = (toldCount: number, toldAt = 0): AlertTelling => ({ ...key, since: at(0), toldAt: at(toldAt), toldCount });
const decide = (stands: readonly StandingAlert[], tellings: readonly AlertTelling[], second = 100) =>
  decideItems({
    standing: stands,
    found: [{ ...key, count: 1, detail: 'evt_1' }],
    tellings,
    now: at(second),
    remindAfterMs: REMIND_MS,
  });
const item = (state: AlertItem['state'], count: number): AlertItem => ({
  ...key,
  since: at(0).toISOString(),
  count,
  state,
  detail: state === 'over' ? null : 'evt_1',
});

describe('decideItems', () => {
  test('tells what was never told', () => {
    expect(decide([standing(3)], [])).toEqual([item('new', 3)]);
  });

  test('is silent about what was told', () => {
    expect(decide([standing(29)], [told(3)])).toEqual([]);
  });

  test('tells again what has grown to ten times what was told', () => {
    expect(decide([standing(30)], [told(3)])).toEqual([item('grown', 30)]);
  });

  test('reminds of what still stands', () => {
    const later = REMIND_MS / SECOND_MS;
    expect(decide([standing(1, later - 1)], [told(1)], later - 1)).toEqual([]);
    expect(decide([standing(1, later)], [told(1)], later)).toEqual([item('standing', 1)]);
  });

  test('gives the all-clear of what is over, and only where it was told', () => {
    expect(decide([], [told(3)])).toEqual([item('over', 3)]);
    expect(decide([], [])).toEqual([]);
  });

  test('leaves what this look has not found alone, told or not', () => {
    expect(decide([standing(50, 99)], [told(1)])).toEqual([]);
    expect(decide([standing(50, 99)], [])).toEqual([]);
  });

  test('puts what stands first, by rule', () => {
    const spike: StandingAlert = { ...standing(70), rule: 'refusals.spike', target: 'shop' };
    const silent: AlertTelling = { ...told(1), rule: 'source.silent', target: 'shop' };
    expect(decide([spike, standing(1)], [silent]).map(({ rule }) => rule)).toEqual(['run.failed', 'refusals.spike', 'source.silent']);
  });
});

/** One look: how long after the one before, what is found, whether each of the two receivers can be reached. */
interface Look {
  readonly afterSeconds: number;
  readonly counts: readonly number[];
  readonly reached: readonly boolean[];
}

const TARGETS = ['new-order', 'order-paid', 'welcome-user'];
const SINKS = ['mail', 'post'];
const looks: fc.Arbitrary<readonly Look[]> = fc.array(
  fc.record({
    afterSeconds: fc.constantFrom(15, 100, 400, 40_000),
    counts: fc.tuple(...TARGETS.map(() => fc.constantFrom(0, 0, 1, 4, 40))),
    reached: fc.tuple(...SINKS.map(() => fc.boolean())),
  }),
  { maxLength: 60 },
);

/** Everything each receiver was told of each target, in order; two quiet looks at the end, at which all can be reached. */
function play(all: readonly Look[]): readonly (readonly { readonly item: AlertItem; readonly second: number }[])[] {
  const quiet: Look = { afterSeconds: 300, counts: [0, 0, 0], reached: [true, true] };
  const heard = new Map<string, { readonly item: AlertItem; readonly second: number }[]>();
  const tellings = new Map(SINKS.map((sink) => [sink, new Map<string, AlertTelling>()]));
  let before: readonly StandingAlert[] = [];
  let second = 0;
  for (const { afterSeconds, counts, reached } of [...all, quiet, quiet]) {
    second += afterSeconds;
    const now = at(second);
    const found = TARGETS.flatMap((target, index) => {
      const count = counts[index] ?? 0;
      return count === 0 ? [] : [{ rule: 'run.failed' as const, target, count, detail: null }];
    });
    before = decideStanding({ before, findings: { found, looked: new Set(ALERT_RULES) }, now, clearAfterMs: CLEAR_MS }).standing;
    SINKS.forEach((sink, index) => {
      const known = tellings.get(sink) ?? new Map<string, AlertTelling>();
      const items = decideItems({ standing: before, found, tellings: [...known.values()], now, remindAfterMs: REMIND_MS });
      if (reached[index] !== true) return;
      for (const one of items) {
        if (one.state === 'over') known.delete(toAlertKey(one));
        else known.set(toAlertKey(one), { ...key, target: one.target, since: new Date(one.since), toldAt: now, toldCount: one.count });
        const of = `${sink} ${one.target}`;
        heard.set(of, [...(heard.get(of) ?? []), { item: one, second }]);
      }
    });
  }
  return [...heard.values()];
}

describe('what a receiver hears of one alert, whatever happens and whenever it can be reached', () => {
  test('begins with the news, ends with one all-clear, and repeats nothing without growth or a reminder between', () => {
    fc.assert(
      fc.property(looks, (all) => {
        for (const heard of play(all)) {
          const states = heard.map(({ item: { state } }) => (state === 'new' ? '(' : state === 'over' ? ')' : '.')).join('');
          expect(states).toMatch(/^(?:\(\.*\))+$/);
          heard.forEach(({ item: { state, count }, second }, index) => {
            const last = heard[index - 1];
            if (state === 'grown') expect(count).toBeGreaterThanOrEqual(10 * (last?.item.count ?? Infinity));
            if (state === 'standing') expect(second - (last?.second ?? second)).toBeGreaterThanOrEqual(REMIND_MS / SECOND_MS);
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is one pair where it comes and goes within five minutes', () => {
    const flapping = Array.from({ length: 100 }, (_, index): Look => ({
      afterSeconds: 100,
      counts: [index % 3 === 0 ? 1 : 0, 0, 0],
      reached: [true, true],
    }));
    expect(play(flapping).map((heard) => heard.map(({ item: { state } }) => state))).toEqual([
      ['new', 'over'],
      ['new', 'over'],
    ]);
  });
});

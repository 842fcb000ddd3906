import { describe, expect, test } from 'vitest';
import { checkOutcome, type DrillRule } from '../../../src/cli/drill/check-outcome.ts';
import type { DrillFacts } from '../../../src/cli/drill/drill-facts.ts';
import type { WholeEventView } from '../../../src/admin/api/views/event-view.ts';
import { deliveryAt, runOf } from '../tail/tail-rows.ts';
import { answerOf, effectOf, goodFacts, storedOf } from './good-facts.ts';

type Break = (facts: DrillFacts) => Partial<DrillFacts>;

/** The stored event `a`, changed. */
const stored =
  (change: (whole: WholeEventView) => Partial<WholeEventView>): Break =>
  (facts) => ({ stored: facts.stored.map((whole) => (whole.event.providerId === 'a' ? { ...whole, ...change(whole) } : whole)) });
const event = (change: Partial<WholeEventView['event']>): Break => stored((whole) => ({ event: { ...whole.event, ...change } }));
/** In place of all answers about `a`. */
const answers =
  (...instead: readonly Parameters<typeof answerOf>[1][]): Break =>
  (facts) => ({ answers: [...facts.answers.filter(({ eventId }) => eventId !== 'a'), ...instead.map((wish) => answerOf('a', wish))] });

const BREAKS: readonly (readonly [what: string, rule: DrillRule, about: string, change: Break])[] = [
  ['a 4xx', 'answer.refused', 'a', answers({}, { httpStatus: 400, status: 'refused', code: 'json.invalid' })],
  ['a 5xx beside 503', 'answer.failed', 'a', answers({}, { httpStatus: 500, status: null })],
  ['an event of which every try was a duplicate', 'answer.wrong', 'a', answers({ status: 'duplicate' }, { status: 'duplicate' })],
  ['an event that was held', 'answer.wrong', 'a', answers({ status: 'held' })],
  ['an event that was never acknowledged', 'event.unacknowledged', 'a', answers({ httpStatus: 503, status: 'refused' })],
  ['an event that was never sent', 'event.unacknowledged', 'a', answers()],
  [
    'an acknowledged event that is not stored',
    'event.lost',
    'a',
    ({ stored: all }) => ({ stored: all.filter((one) => one.event.providerId !== 'a') }),
  ],
  ['two tries that were accepted', 'event.doubled', 'a', answers({}, {}, { status: 'duplicate' })],
  ['an event that is stored twice', 'event.doubled', 'a', ({ stored: all }) => ({ stored: [...all, storedOf('a')] })],
  [
    'two deliveries that were no duplicates',
    'event.doubled',
    'a',
    stored(() => ({ deliveries: [deliveryAt(0), deliveryAt(1), deliveryAt(2)] })),
  ],
  ['an event of nobody', 'event.stranger', 'c', ({ stored: all }) => ({ stored: [...all, storedOf('c')] })],
  ['an event that is kept as any other', 'event.live', 'a', event({ test: false })],
  ['an event that went nowhere', 'event.notRouted', 'a', event({ state: 'held', code: 'event.held' })],
  ['an acknowledged try without a row', 'delivery.missing', 'a', stored(() => ({ deliveries: [deliveryAt(0)] }))],
  ['an event without its run', 'run.missing', 'a', stored(() => ({ runs: [], effects: [] }))],
  ['two runs of a chain', 'run.doubled', 'a', stored(({ runs }) => ({ runs: [...runs, ...runs] }))],
  [
    'a run of another chain',
    'run.stranger',
    'a',
    stored(({ runs }) => ({ runs: [...runs, runOf({ chain: 'other', ledger: 'other', state: 'done' })] })),
  ],
  ['a run that does not end', 'run.waiting', 'a', stored(() => ({ runs: [runOf({ state: 'started' })] }))],
  ['a run that has failed', 'run.failed', 'a', stored(() => ({ runs: [runOf({ state: 'failed', code: 'action.gaveUp' })] }))],
  ['an effect that is not dry', 'effect.live', 'a', stored(({ effects }) => ({ effects: effects.map((one) => ({ ...one, dry: false })) }))],
  [
    'a dry effect that has gone out',
    'effect.live',
    'a',
    stored(({ effects }) => ({ effects: effects.map((one) => ({ ...one, sends: 1 })) })),
  ],
  [
    'an effect that is not done',
    'effect.open',
    'a',
    stored(({ effects }) => ({ effects: effects.map((one) => ({ ...one, state: 'unknown' as const })) })),
  ],
  ['an effect that others have', 'effect.missing', 'a', stored(({ effects }) => ({ effects: effects.slice(0, 1) }))],
  [
    'an effect in two rounds',
    'effect.doubled',
    'a',
    stored(({ effects }) => ({ effects: [...effects, effectOf('inventory.reserve', { round: 1 })] })),
  ],
  ['an entity', 'entity.written', 'order drills:a', () => ({ entities: [{ type: 'order', id: 'drills:a' }] })],
  [
    'a storm without duplicates',
    'drill.vacuous',
    'the whole',
    (facts) => ({ answers: facts.answers.filter(({ status }) => status !== 'duplicate') }),
  ],
  [
    'a drill without a finished run',
    'drill.vacuous',
    'the whole',
    ({ stored: all }) => ({ stored: all.map((one) => ({ ...one, runs: [] })) }),
  ],
];

describe('the checker of a drill', () => {
  test('finds nothing wrong where all is as promised, tries without an answer and 503 included', () => {
    expect(checkOutcome(goodFacts())).toEqual([]);
  });

  test('finds nothing wrong where the first try was taken, and its answer was lost', () => {
    const facts = { ...goodFacts(), ...answers({ httpStatus: null, status: null }, { status: 'duplicate' })(goodFacts()) };
    expect(checkOutcome(facts)).toEqual([]);
  });

  test('finds nothing wrong where a chain with a filter has taken an event', () => {
    const change = stored(({ runs }) => ({ runs: [...runs, runOf({ chain: 'gifts', ledger: 'gifts', state: 'done' })] }));
    expect(checkOutcome({ ...goodFacts(), ...change(goodFacts()) })).toEqual([]);
  });

  test('asks for no run where nothing was sent that wants one', () => {
    const { sent, answers: all, stored: rows } = goodFacts();
    const facts = { sent: sent.slice(0, 1), answers: all.slice(0, 1), stored: rows.slice(0, 1), entities: [], withCopies: false };
    expect(checkOutcome(facts)).toEqual([]);
  });

  test.each(BREAKS)('finds %s: %s', (_what, rule, about, change) => {
    const facts = goodFacts();
    expect(checkOutcome({ ...facts, ...change(facts) })).toContainEqual({ rule, about, detail: expect.any(String) as string });
  });
});

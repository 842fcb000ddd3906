import { describe, expect, test } from 'vitest';
import { checkDemo } from '../../../src/cli/demo/check-demo.ts';
import type { DemoTraces } from '../../../src/cli/demo/demo-story.ts';
import type { DemoFacts, DemoStep } from '../../../src/cli/demo/play-demo.ts';
import { wellFacts } from './well-facts.ts';

type Whole = NonNullable<DemoStep['whole']>;

const well = wellFacts();
const withTraces = (change: Partial<DemoTraces>): DemoFacts => ({ ...well, traces: { ...well.traces, ...change } });
const withStep = (name: string, change: (step: DemoStep) => DemoStep): DemoFacts => ({
  ...well,
  stories: well.stories.map(({ story, steps }) => ({ story, steps: steps.map((step) => (step.sent.name === name ? change(step) : step)) })),
});
const withWhole = (name: string, change: (whole: Whole) => Whole | null): DemoFacts =>
  withStep(name, (step) => ({ ...step, whole: step.whole === null ? null : change(step.whole) }));
const twice = <Row>(rows: readonly Row[]): readonly Row[] => [...rows, ...rows.slice(0, 1)];
const answered = (status: string) => (step: DemoStep) =>
  ({ ...step, answer: { ...step.answer, kind: 'answered', httpStatus: 200, status, code: null, eventId: 'e' } }) as const;

describe('the check of a demonstration', () => {
  test('finds nothing where all is as it should be', () => {
    expect(checkDemo(well)).toEqual([]);
  });

  const ORDER = 'Shopify: order placed';
  const URGENT = 'ticket urgent again';

  test.each<[string, DemoFacts, string]>([
    ['a mail that went out twice', withTraces({ mails: twice(well.traces.mails) }), 'mails'],
    ['a mail that is missing', withTraces({ mails: well.traces.mails.slice(1) }), 'mails'],
    [
      'a backorder that its mail does not mention',
      withTraces({ mails: well.traces.mails.map(({ to, subject }) => ({ to, subject: subject.replace(/ — .*/, ' confirmed') })) }),
      'mails',
    ],
    ['an order that reached the warehouse twice', withTraces({ warehouse: twice(well.traces.warehouse) }), 'orders at the warehouse'],
    ['an order that never reached it', withTraces({ warehouse: [] }), 'orders at the warehouse'],
    ['a team that was told twice', withTraces({ notices: twice(well.traces.notices) }), 'team notices'],
    ['a second escalation that nobody was told of', withTraces({ notices: well.traces.notices.slice(1) }), 'team notices'],
    [
      'a CRM in which the older change stands',
      withTraces({ profiles: well.traces.profiles.map((profile) => ({ ...profile, phone: '+442079460002' })) }),
      'CRM profiles',
    ],
    [
      'a payment that was added up twice',
      withTraces({ orders: well.traces.orders.map((order) => ({ ...order, payments: order.payments * 2 })) }),
      'orders',
    ],
    ['a payment that made an order of its own', withTraces({ orders: twice(well.traces.orders) }), 'orders'],
    [
      'an order that nobody has paid',
      withTraces({ orders: well.traces.orders.map((order) => ({ ...order, paid: null, payments: 0 })) }),
      'orders',
    ],
    ['a fact that was counted twice', withTraces({ counted: twice(well.traces.counted) }), 'facts that were counted'],
    ['a user in other segments', withTraces({ users: well.traces.users.map((user) => ({ ...user, segments: '' })) }), 'users'],
    [
      'a ticket that is no longer escalated',
      withTraces({ tickets: well.traces.tickets.map((ticket) => ({ ...ticket, escalated: false })) }),
      'tickets',
    ],
    ['a customer too many', withTraces({ customers: twice(well.traces.customers) }), 'customers'],
    [
      'a stock that was reduced twice',
      { ...well, stockAfter: well.stockAfter.map((level) => ({ ...level, available: level.available - 1 })) },
      'stock',
    ],
    ['a stock that was not reduced', { ...well, stockAfter: well.stockBefore }, 'stock'],
    ['a refusal without its cause', { ...well, refused: [] }, 'refused deliveries'],
    ['a refusal that should not be', { ...well, refused: twice(well.refused) }, 'refused deliveries'],
    [
      'a run that is not done',
      withWhole(ORDER, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, state: 'failed', code: 'action.failed' })) })),
      'runs',
    ],
    ['a second run', withWhole(ORDER, (whole) => ({ ...whole, runs: twice(whole.runs) })), 'runs'],
    [
      'a resend that started the run again',
      withWhole(`${URGENT}, resent`, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, attempt: 2 })) })),
      'runs',
    ],
    [
      'a run of another chain',
      withWhole(ORDER, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, chain: 'old-order' })) })),
      'runs',
    ],
    [
      'a chain that has returned something else',
      withWhole(URGENT, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, result: { escalations: [1] } })) })),
      'result',
    ],
    [
      'an effect that was sent twice',
      withWhole(ORDER, (whole) => ({ ...whole, effects: whole.effects.map((effect) => ({ ...effect, sends: effect.sends * 2 })) })),
      'effects',
    ],
    ['an effect that is missing', withWhole(ORDER, (whole) => ({ ...whole, effects: whole.effects.slice(1) })), 'effects'],
    ['an order that was not stored', withWhole(ORDER, () => null), 'event'],
    [
      'a resend that left no delivery',
      withWhole(URGENT, (whole) => ({ ...whole, deliveries: whole.deliveries.slice(0, 1) })),
      'deliveries',
    ],
    [
      'a push that is stored under another type',
      withWhole('GitHub: push', (whole) => ({ ...whole, event: { ...whole.event, type: 'github:ping' } })),
      'event',
    ],
    [
      'a run of what nobody wants',
      withWhole('GitHub: push', (whole) => ({ ...whole, runs: well.stories[0]?.steps[0]?.whole?.runs ?? [] })),
      'runs',
    ],
    ['a forged order that was taken', withStep('Shopify: order with a byte changed', answered('accepted')), 'answer'],
    [
      'a forged order that was stored',
      withStep('Shopify: order with a byte changed', (step) => ({ ...step, whole: well.stories[0]?.steps[0]?.whole ?? null })),
      'event',
    ],
    ['a resend that was taken as new', withStep(`${ORDER}, resent`, answered('accepted')), 'answer'],
    [
      'a listener that does not answer',
      withStep(ORDER, (step) => ({ ...step, answer: { kind: 'unreachable', reason: 'ECONNREFUSED', durationMs: 1 } })),
      'answer',
    ],
  ])('finds %s', (_name, facts, what) => {
    expect(checkDemo(facts).map(({ expected }) => expected.split(':')[0])).toContain(what);
  });

  test('says what was expected and what was got', () => {
    expect(checkDemo({ ...well, refused: [] })).toEqual([
      { of: 'Shopify: order with a byte changed', expected: 'refused deliveries: shopify signature.mismatch', got: 'none' },
    ]);
    expect(checkDemo(withTraces({ users: [] }))).toEqual([
      { expected: expect.stringMatching(/^users: segments business, newsletter, user clerk:user_\w+$/), got: 'none' },
    ]);
  });
});

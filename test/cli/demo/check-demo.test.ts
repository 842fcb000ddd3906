import { describe, expect, test } from 'vitest';
import { checkDemo } from '../../../src/cli/demo/check-demo.ts';
import { makeDemoWebhooks, toResend, type DemoWebhook } from '../../../src/cli/demo/demo-webhooks.ts';
import type { DemoFacts, DemoStep } from '../../../src/cli/demo/play-demo.ts';
import type { DeliveryOutcome, RunState } from '../../../src/contracts/webhook.ts';
import type { EffectRow } from '../../../src/store/events.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const sources = [
  { name: 'hookline', provider: 'hookline' },
  { name: 'orders', provider: 'hookline' },
  { name: 'shopify', provider: 'shopify' },
].map((source) => ({ ...source, secrets: ['9f2c1b7e4a6d8035c1e9f7a2b4d60813'], options: {} }));
let ids = 0;
const webhooks = makeDemoWebhooks({ sources, now: NOW, newEventId: () => (++ids).toString(16).padStart(16, '0') });

const effects = (): EffectRow[] =>
  ['inventory.reserve', 'email.sendOrderConfirmation', 'fulfilment.notifyWarehouse', 'analytics.record'].map((action) => ({
    ledger: 'new-order',
    action,
    key: '0',
    round: 0,
    state: 'done',
    attempt: 1,
    detail: null,
    result: null,
    intendedAt: NOW,
    updatedAt: NOW,
    sends: action.startsWith('email') || action.startsWith('fulfilment') ? 1 : 0,
  }));

const delivery = (outcome: DeliveryOutcome, code: string | null = null) => ({
  id: '1',
  source: 'shopify',
  receivedAt: NOW,
  remoteAddress: null,
  headers: [],
  bodySha256: Buffer.alloc(0),
  bodyBytes: 0,
  outcome,
  httpStatus: 200,
  code,
  detail: null,
  eventIds: [],
  secretIndex: null,
  bodyDiffers: false,
});

function stepOf(sent: DemoWebhook, index: number, state: RunState = 'done'): DemoStep {
  const { httpStatus, status } = sent.expected;
  const answer = {
    kind: 'answered',
    httpStatus,
    status,
    code: null,
    eventId: status === 'refused' ? null : `e${index}`,
    durationMs: 1,
  } as const;
  if (status === 'refused') return { sent, answer, whole: null };
  const isOrder = sent.order !== undefined || status === 'duplicate';
  const event = {
    uuid: `uuid-${index}`,
    source: sent.source,
    eventId: `e${index}`,
    providerType: 't',
    type: 't',
    entity: isOrder ? { type: 'order', id: `order-${index}` } : null,
    receivedAt: NOW,
    test: false,
    state: isOrder ? 'routed' : 'ignored',
    code: null,
    detail: null,
    providerId: 'p',
    provider: 'p',
    occurredAt: NOW,
    data: null,
    deliveryId: 'd',
  } as const;
  const run = {
    eventUuid: event.uuid,
    chain: 'new-order',
    workflowId: 'w',
    ledger: 'new-order',
    state,
    attempt: 1,
    round: 0,
    tries: 0,
    runId: 'r',
    dueAt: NOW,
    startedAt: NOW,
    closedAt: NOW,
    code: null,
    detail: null,
    result: null,
  };
  const deliveries = index === 0 ? [delivery('accepted'), delivery('duplicate')] : [delivery(isOrder ? 'accepted' : 'ignored')];
  return { sent, answer, whole: { event, runs: isOrder ? [run] : [], effects: isOrder ? effects() : [], deliveries } };
}

/** What a demonstration leads to when all is well. */
function wellFacts(): DemoFacts {
  const [first] = webhooks;
  const steps = [...webhooks.map((sent, index) => stepOf(sent, index)), ...(first === undefined ? [] : [stepOf(toResend(first), 0)])];
  const orders = steps.flatMap(({ sent, whole }) =>
    sent.order === undefined ? [] : [{ ...sent.order, id: whole?.event.entity?.id ?? '' }],
  );
  const sold = (sku: string): number => orders.reduce((sum, { takes }) => sum + (takes[sku] ?? 0), 0);
  return {
    steps,
    refused: [{ source: 'shopify', code: 'signature.mismatch', eventIds: [] }],
    mails: orders.map(({ to, backordered }) => ({ to, subject: backordered ? 'Order 1 — part of it follows later' : 'Order 1 confirmed' })),
    warehouse: orders.map(({ id, backordered }, index) => ({
      id: `msg_${index}`,
      receivedAt: NOW.toISOString(),
      order: { order: { id }, backordered },
    })),
    stockBefore: ['MUG-WHITE', 'SOLD-OUT', 'TEE-BLUE-M'].map((sku) => ({ sku, available: sku === 'SOLD-OUT' ? 0 : 100 })),
    stockAfter: ['MUG-WHITE', 'SOLD-OUT', 'TEE-BLUE-M'].map((sku) => ({ sku, available: sku === 'SOLD-OUT' ? 0 : 100 - sold(sku) })),
  };
}

describe('the check of a demonstration', () => {
  test('finds nothing where all is as it should be', () => {
    expect(checkDemo(wellFacts())).toEqual([]);
  });

  test('knows what the orders take from the stock', () => {
    expect(webhooks.flatMap(({ order }) => (order === undefined ? [] : [order.takes]))).toEqual([
      { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 },
      { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 },
      { 'MUG-WHITE': 1 },
      { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 },
    ]);
  });

  const withStep = (facts: DemoFacts, at: number, change: (step: DemoStep) => DemoStep): DemoFacts => ({
    ...facts,
    steps: facts.steps.map((step, index) => (index === at ? change(step) : step)),
  });
  const withWhole = (facts: DemoFacts, at: number, change: (whole: NonNullable<DemoStep['whole']>) => DemoStep['whole']): DemoFacts =>
    withStep(facts, at, (step) => ({ ...step, whole: step.whole === null ? null : change(step.whole) }));
  const well = wellFacts();

  test.each<[string, DemoFacts, string]>([
    ['a mail that went out twice', { ...well, mails: [...well.mails, ...well.mails.slice(0, 1)] }, 'mails'],
    ['a mail that is missing', { ...well, mails: well.mails.slice(1) }, 'mails'],
    [
      'a backorder that its mail does not mention',
      { ...well, mails: well.mails.map((mail) => ({ ...mail, subject: 'Order 1 confirmed' })) },
      'mails',
    ],
    [
      'an order that reached the warehouse twice',
      { ...well, warehouse: [...well.warehouse, ...well.warehouse.slice(0, 1)] },
      'orders at the warehouse',
    ],
    ['an order that never reached it', { ...well, warehouse: [] }, 'orders at the warehouse'],
    [
      'a stock that was reduced twice',
      { ...well, stockAfter: well.stockAfter.map((level) => ({ ...level, available: level.available - 1 })) },
      'stock',
    ],
    ['a stock that was not reduced', { ...well, stockAfter: well.stockBefore }, 'stock'],
    ['a refusal without its cause', { ...well, refused: [] }, 'refused deliveries'],
    [
      'a run that is not done',
      withWhole(well, 1, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, state: 'failed', code: 'action.failed' })) })),
      'runs',
    ],
    ['a second run', withWhole(well, 1, (whole) => ({ ...whole, runs: [...whole.runs, ...whole.runs] })), 'runs'],
    [
      'a resend that started the run again',
      withWhole(well, 6, (whole) => ({ ...whole, runs: whole.runs.map((run) => ({ ...run, attempt: 2 })) })),
      'runs',
    ],
    [
      'an effect that was sent twice',
      withWhole(well, 2, (whole) => ({ ...whole, effects: whole.effects.map((effect) => ({ ...effect, sends: effect.sends * 2 })) })),
      'effects',
    ],
    ['an effect that is missing', withWhole(well, 2, (whole) => ({ ...whole, effects: whole.effects.slice(1) })), 'effects'],
    ['an order that was not stored', withStep(well, 2, (step) => ({ ...step, whole: null })), 'runs'],
    [
      'a resend that left no delivery',
      withWhole(well, 0, (whole) => ({ ...whole, deliveries: whole.deliveries.slice(0, 1) })),
      'deliveries',
    ],
    ['a run of what nobody wants', withWhole(well, 5, (whole) => ({ ...whole, runs: well.steps[0]?.whole?.runs ?? [] })), 'runs'],
    [
      'a forged order that was taken',
      withStep(well, 4, (step) => ({ ...step, answer: { ...step.answer, httpStatus: 200, status: 'accepted' } as DemoStep['answer'] })),
      'answer',
    ],
    [
      'a listener that does not answer',
      withStep(well, 0, (step) => ({ ...step, answer: { kind: 'unreachable', reason: 'ECONNREFUSED', durationMs: 1 } })),
      'answer',
    ],
  ])('finds %s', (_name, facts, what) => {
    const problems = checkDemo(facts);
    expect(problems.map(({ expected }) => expected.split(':')[0])).toContain(what);
  });

  test('says what was expected and what was got', () => {
    expect(checkDemo({ ...well, refused: [] })).toEqual([
      { of: 'order with a byte changed', expected: 'refused deliveries: shopify signature.mismatch', got: 'none' },
    ]);
  });
});

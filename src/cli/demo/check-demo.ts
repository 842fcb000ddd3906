import { atPointer } from '../../contracts/json.ts';
import type { DemoFacts, DemoStep } from './play-demo.ts';

/** Something that is not as it should be. */
export interface DemoProblem {
  /** The webhook that it is about; absent where it is about all. */
  readonly of?: string;
  readonly expected: string;
  readonly got: string;
}

/**
 * Compares what the demonstration has led to with what it should have: answers, one finished run for each order and none for the
 * rest, every effect once, one mail for each order and one order at the warehouse, the stock lower by just that, and a refusal with
 * its cause. Empty where all is well.
 */
export function checkDemo(facts: DemoFacts): readonly DemoProblem[] {
  return [...facts.steps.flatMap((step) => checkStep(step, facts)), ...checkMails(facts), ...checkWarehouse(facts), ...checkStock(facts)];
}

function checkStep(step: DemoStep, facts: DemoFacts): readonly DemoProblem[] {
  const { sent, answer, whole } = step;
  const got = answer.kind === 'answered' ? `${answer.httpStatus} ${answer.status}` : answer.reason;
  const compare = comparing(sent.name);
  const problems = compare('answer', got, `${sent.expected.httpStatus} ${sent.expected.status}`);
  if (sent.expected.status === 'refused') {
    const rows = facts.refused.map(({ source, code }) => `${source} ${code}`);
    return [
      ...problems,
      ...compare('refused deliveries', rows, [`${sent.source} signature.mismatch`]),
      ...compare('event', whole?.event.state ?? 'none', 'none'),
    ];
  }
  const runs =
    whole?.runs.map(({ chain, state, attempt, code }) => [chain, state, `attempt ${attempt}`, code ?? ''].join(' ').trim()) ?? [];
  if (sent.expected.status === 'ignored')
    return [...problems, ...compare('event', whole?.event.state, 'ignored'), ...compare('runs', runs, [])];
  return [...problems, ...compare('runs', runs, ['new-order done attempt 1']), ...checkEffects(step), ...checkDeliveries(step, facts)];
}

/** Each of the chain's four actions once: what goes outside was sent once, what stays inside never. */
function checkEffects({ sent, whole }: DemoStep): readonly DemoProblem[] {
  const effects = whole?.effects.map(({ action, state, round, sends }) => `${action} ${state} round ${round} sends ${sends}`).sort();
  return comparing(sent.name)('effects', effects, [
    'analytics.record done round 0 sends 0',
    'email.sendOrderConfirmation done round 0 sends 1',
    'fulfilment.notifyWarehouse done round 0 sends 1',
    'inventory.reserve done round 0 sends 0',
  ]);
}

function checkDeliveries({ sent, whole }: DemoStep, { steps }: DemoFacts): readonly DemoProblem[] {
  const wasResent = steps.some((other) => other.whole?.event.uuid === whole?.event.uuid && other.sent.expected.status === 'duplicate');
  const outcomes = whole?.deliveries.map(({ outcome }) => outcome);
  return comparing(sent.name)('deliveries', outcomes, wasResent ? ['accepted', 'duplicate'] : ['accepted']);
}

function checkMails({ steps, mails }: DemoFacts): readonly DemoProblem[] {
  const wanted = steps.flatMap(({ sent: { order } }) =>
    order === undefined ? [] : [`${order.to}${order.backordered ? ' follows later' : ''}`],
  );
  const got = mails.map(({ to, subject }) => `${to}${subject.includes('follows later') ? ' follows later' : ''}`);
  return comparing()('mails', got.sort(), wanted.sort());
}

function checkWarehouse({ steps, warehouse }: DemoFacts): readonly DemoProblem[] {
  const wanted = steps.flatMap(({ sent: { order }, whole }) =>
    order === undefined ? [] : [`${whole?.event.entity?.id} backordered ${order.backordered}`],
  );
  const got = warehouse.map(
    ({ order }) => `${toText(atPointer(order, '/order/id'))} backordered ${toText(atPointer(order, '/backordered'))}`,
  );
  return comparing()('orders at the warehouse', got.sort(), wanted.sort());
}

function checkStock({ steps, stockBefore, stockAfter }: DemoFacts): readonly DemoProblem[] {
  const soldOf = (sku: string): number => steps.reduce((sum, { sent }) => sum + (sent.order?.takes[sku] ?? 0), 0);
  const wanted = stockBefore.map(({ sku, available }) => `${sku} ${available - soldOf(sku)}`);
  return comparing()(
    'stock',
    stockAfter.map(({ sku, available }) => `${sku} ${available}`),
    wanted,
  );
}

function comparing(of?: string): (what: string, got: unknown, wanted: unknown) => readonly DemoProblem[] {
  return (what, got, wanted) => {
    if (JSON.stringify(got) === JSON.stringify(wanted)) return [];
    const problem = { expected: `${what}: ${toText(wanted)}`, got: toText(got) };
    return [of === undefined ? problem : { of, ...problem }];
  };
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(toText).join(', ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

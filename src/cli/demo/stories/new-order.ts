import { atPointer } from '../../../contracts/json.ts';
import { toResend, type DemoMaker } from '../demo-maker.ts';
import type { DemoExpectation, DemoStory } from '../demo-story.ts';
import { sampleText } from '../sample-text.ts';
import { linesAt, newOrderRun, toOrderTraces } from './new-order-run.ts';

/** A Shopify order, its Stripe payment told by two events, and the order once more: one order, confirmed once, paid once. */
export function newOrderStory(maker: DemoMaker): DemoStory {
  const seed = maker.newSeed();
  const { body, ...rest } = maker.sample('shopify', 'orders/create', { seed });
  const shopId = sampleText(body, '/id');
  const order = {
    id: `shopify:${shopId}`,
    number: sampleText(body, '/name'),
    to: 'ada@example.com',
    total: Number(atPointer(body, '/total_price')),
    lines: linesAt(body, '/line_items'),
  };
  const session = maker.sample('stripe', 'checkout.session.completed', { seed });
  // an event of its own, which names the order as Shopify alone would: the source's `references` says whose it is
  const intent = maker.sample('stripe', 'payment_intent.succeeded', {
    seed,
    set: { id: `evt_${maker.newSeed()}`, 'data.object.metadata.order_id': shopId },
  });
  const paid: DemoExpectation = {
    status: 'accepted',
    type: 'payment.succeeded',
    run: {
      chain: 'order-paid',
      effects: [
        ['payments.markPaid', 0],
        ['analytics.record', 0],
      ],
      result: {
        matched: true,
        paymentId: `stripe:${sampleText(session.body, '/data/object/payment_intent')}`,
        orderId: order.id,
        covered: true,
      },
      note: `${order.number} paid`,
    },
  };
  const placed = maker.webhook({
    name: 'Shopify: order placed',
    source: 'shopify',
    sample: { ...rest, body },
    expected: { status: 'accepted', type: 'order.created', run: newOrderRun(order) },
  });
  return {
    title: 'New order',
    webhooks: [
      placed,
      maker.webhook({ name: 'Stripe: checkout completed', source: 'stripe', sample: session, expected: paid }),
      maker.webhook({ name: 'Stripe: the same payment, its intent', source: 'stripe', sample: intent, expected: paid }),
      toResend(placed),
    ],
    ...toOrderTraces([order], { paid: true }),
  };
}

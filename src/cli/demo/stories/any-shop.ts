import { atPointer } from '../../../contracts/json.ts';
import { SOLD_OUT_SKU } from '../../../runtime/sample-stock.ts';
import type { DemoMaker } from '../demo-maker.ts';
import type { DemoExpectation, DemoStory } from '../demo-story.ts';
import { sampleText } from '../sample-text.ts';
import { linesAt, newOrderRun, toOrderTraces, type DemoOrder } from './new-order-run.ts';

/** Orders of shops without a contract of their own: in an envelope, as a flat body, and one of what is sold out. */
export function anyShopStory(maker: DemoMaker): DemoStory {
  const [first, second, third] = [maker.newSeed(), maker.newSeed(), maker.newSeed()];
  const envelope = maker.sample('hookline', 'order.created', {
    seed: first,
    set: { 'data.customer_email': 'grace@example.com', 'data.customer_name': 'Grace Hopper' },
  });
  const flat = {
    headers: { 'Content-Type': 'application/json', 'X-Webhook-Id': `web-${second}` },
    body: {
      order_id: `web-${second}`,
      customer_email: 'alan@example.com',
      total_amount: 13.5,
      currency: 'EUR',
      items: [{ sku: 'MUG-WHITE', name: 'Mug, white', quantity: 1, price: 13.5 }],
    },
  };
  const soldOut = maker.sample('hookline', 'order.created', {
    seed: third,
    set: {
      'data.customer_email': 'edsger@example.com',
      'data.customer_name': 'Edsger Dijkstra',
      'data.total_amount': 132.5,
      'data.items.-': { sku: SOLD_OUT_SKU, name: 'Lamp, brass', quantity: 1, price: 80 },
    },
  });
  const orderOf = (source: string, { body, at }: { readonly body: typeof envelope.body; readonly at: string }): DemoOrder => {
    const number = sampleText(body, `${at}/order_id`);
    const to = sampleText(body, `${at}/customer_email`);
    return {
      id: `${source}:${number}`,
      number,
      to,
      total: Number(atPointer(body, `${at}/total_amount`)),
      lines: linesAt(body, `${at}/items`),
    };
  };
  const placed = {
    envelope: orderOf('hookline', { body: envelope.body, at: '/data' }),
    flat: orderOf('orders', { body: flat.body, at: '' }),
    soldOut: orderOf('hookline', { body: soldOut.body, at: '/data' }),
  };
  const accepted = (order: DemoOrder): DemoExpectation => ({ status: 'accepted', type: 'order.created', run: newOrderRun(order) });
  return {
    title: 'Orders of any shop',
    webhooks: [
      maker.webhook({ name: 'order in an envelope', source: 'hookline', sample: envelope, expected: accepted(placed.envelope) }),
      maker.webhook({ name: 'order as a flat body', source: 'orders', sample: flat, expected: accepted(placed.flat) }),
      maker.webhook({ name: 'order of what is sold out', source: 'hookline', sample: soldOut, expected: accepted(placed.soldOut) }),
    ],
    ...toOrderTraces(Object.values(placed), { paid: false }),
  };
}

import { defineChain } from '../define-chain.ts';

/** A new order: holds stock, confirms by mail, hands the order to the warehouse, counts it. */
export default defineChain({
  name: 'new-order',
  on: 'order.created',
  summary: ({ data }) => `Order ${data.number}`,

  async run(event, { agents, undo }) {
    const order = event.data;
    undo(() => agents.inventory.release({ orderId: order.id, updatedAt: order.updatedAt }));
    const hold = await agents.inventory.reserve({ orderId: order.id, updatedAt: order.updatedAt, lines: order.lines });
    if (order.customer.email !== null) {
      await agents.email.sendOrderConfirmation({
        to: order.customer.email,
        order,
        short: hold.lines.filter(({ wanted, held }) => held < wanted),
      });
    }
    await agents.fulfilment.notifyWarehouse({ order, lines: hold.lines, backordered: hold.backordered });
    await agents.analytics.record({ name: 'order_created', subject: order.id, value: order.total.amount, currency: order.total.currency });
    return { backordered: hold.backordered, lines: hold.lines };
  },
});

import type { Order } from '../../events/_order.ts';
import { defineAgent, effectAction } from '../define-agent.ts';
import { signStandardWebhook } from '../standard-webhook.ts';

/** An order as the warehouse gets it. */
export interface WarehouseOrder {
  readonly order: Order;
  readonly lines: readonly { readonly sku: string; readonly wanted: number; readonly held: number }[];
  readonly backordered: boolean;
}

/** The warehouse, told by a signed outbound webhook (Standard Webhooks). */
export default defineAgent({
  name: 'fulfilment',
  actions: (deps) => ({
    /** Hands an order over; sent again under the same `webhook-id` while nobody knows whether it has arrived. */
    notifyWarehouse: effectAction({ policy: 'atLeastOnce' }, async (input: WarehouseOrder, { effectKey, sending, signal }) => {
      const { url, secret } = deps.warehouse;
      const body = JSON.stringify({ type: 'order.placed', ...input });
      const headers = signStandardWebhook({ id: `msg_${effectKey}`, body, secret, now: deps.now() });
      await sending('warehouse');
      const { status } = await deps.http.call({
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        signal,
      });
      return { status };
    }),
  }),
});

import order from '../../entities/order.ts';
import { release, reserve, type Reservation } from '../../store/stock.ts';
import { defineAgent, stateAction, type StateTx } from '../define-agent.ts';
import { mergeEntity } from '../merge-entity.ts';
import { orderFacts } from '../order-facts.ts';

/** What to hold. */
export interface ReserveInput {
  /** With the system it comes from: `shopify:1001`. */
  readonly orderId: string;
  /** The event's own time, ISO 8601: an older event never overwrites what a newer one has said of the order. */
  readonly updatedAt: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Whose hold to give back. */
export type ReleaseInput = Omit<ReserveInput, 'lines'>;

/** Stock in our own tables: what is on hand, and what is held for which order. */
export default defineAgent({
  name: 'inventory',
  actions: () => ({
    /** Holds stock for an order, as much as there is; the same order held twice is held once. */
    reserve: stateAction(async ({ orderId, updatedAt, lines }: ReserveInput, tx): Promise<Reservation> => {
      const reservation = await reserve(tx.db, { orderId, eventUuid: tx.call.eventUuid, lines });
      await setStatus(tx, { orderId, updatedAt, status: reservation.backordered ? 'backordered' : 'reserved' });
      return reservation;
    }),

    /** Gives back what this event's run holds for an order. */
    release: stateAction({ undoes: 'reserve' }, async ({ orderId, updatedAt }: ReleaseInput, tx) => {
      const released = await release(tx.db, { orderId, eventUuid: tx.call.eventUuid });
      if (released.length > 0) await setStatus(tx, { orderId, updatedAt, status: 'released' });
      return { released };
    }),
  }),
});

type OrderStatus = 'reserved' | 'backordered' | 'released';

async function setStatus(
  tx: StateTx,
  { orderId, updatedAt, status }: { readonly orderId: string; readonly updatedAt: string; readonly status: OrderStatus },
): Promise<void> {
  const writes = [...(await orderFacts(tx, orderId)), { agent: 'inventory', time: updatedAt, fields: { status } }];
  await mergeEntity(tx, { entity: order, id: orderId, writes });
}

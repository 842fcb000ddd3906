import type order from '../entities/order.ts';
import type { Order } from '../events/_order.ts';
import { readEventData } from '../store/event-data.ts';
import type { StateTx } from './define-agent.ts';
import type { EntityWriting } from './merge-entity.ts';

/**
 * What the action's event itself says of an order, as a write on the event's behalf; none where the event is no `order.created`
 * of this order. The first state action that touches the order writes it beside its own (docs/decisions/0010).
 */
export async function orderFacts({ db, call }: StateTx, orderId: string): Promise<readonly EntityWriting<typeof order.fields>[]> {
  const event = await readEventData(db, call.eventUuid);
  if (event?.type !== 'order.created' || event.entityId !== orderId) return [];
  const { number, total, customer, updatedAt } = event.data as unknown as Order; // projected by that type's schema when it was received
  return [{ agent: 'event', time: updatedAt, fields: { number, total, customerEmail: customer.email } }];
}

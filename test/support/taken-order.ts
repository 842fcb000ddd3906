import { randomUUID } from 'node:crypto';
import inventory from '../../src/activities/agents/inventory.ts';
import type { StateAction } from '../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../src/activities/dependencies.ts';
import { performState } from '../../src/activities/state-ledger.ts';
import type { Pool } from '../../src/store/pool.ts';
import { orderCreated } from '../../scripts/record/sample-events.ts';
import { callOf, from } from './ledger-calls.ts';

/** Puts an event about an order of 24.50 EUR into the inbox, and makes the reservation that its chain would make. */
export async function takeOrder(
  pool: Pool,
  id: string,
  { type = 'order.created', entityId = id }: { readonly type?: string; readonly entityId?: string } = {},
): Promise<void> {
  const uuid = randomUUID();
  const { data } = orderCreated({ id });
  await pool.query({
    name: 'test.orderEvent',
    text: `INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at, state, data, delivery_id, body_sha256)
           VALUES ($1, 'shop', $2, '', '', '', $3, 'order', $4, now(), now(), 'routed', $5, $6, '')`,
    values: [uuid, uuid, type, entityId, JSON.stringify(data), randomUUID()],
  });
  const { reserve } = inventory.actions({} as AgentDependencies); // it looks at nothing of it
  const input = { orderId: id, updatedAt: data.updatedAt, lines: [{ sku: 'MUG', quantity: 2 }] };
  const action = reserve as StateAction<unknown, unknown>; // its types forgotten
  await performState(pool, { ...from(randomUUID(), callOf({ eventUuid: uuid, eventId: uuid }), input), action, dryAction: action });
}

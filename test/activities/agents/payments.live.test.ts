import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import payments, { type MarkedPaid } from '../../../src/activities/agents/payments.ts';
import type { StateAction } from '../../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../../src/activities/dependencies.ts';
import { performState } from '../../../src/activities/state-ledger.ts';
import type { Payment } from '../../../src/events/_payment.ts';
import { readEntity } from '../../../src/store/entities.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { callOf, from } from '../../support/ledger-calls.ts';
import { takeOrder } from '../../support/taken-order.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const { markPaid } = payments.actions({} as AgentDependencies); // it looks at nothing of it

async function mark(payment: Partial<Payment>): Promise<MarkedPaid> {
  const told = {
    id: 'stripe:pi',
    providerId: 'pi',
    orderId: null,
    amount: 24.5,
    currency: 'EUR',
    paidAt: '2026-01-01T00:05:00.000Z',
    ...payment,
  };
  const call = callOf({ action: 'payments.markPaid', ledger: 'order-paid', eventId: randomUUID() });
  const action = markPaid as StateAction<unknown, unknown>; // its types forgotten
  const { result } = await performState(database.pool, { ...from(randomUUID(), call, told), action, dryAction: action });
  return result as unknown as MarkedPaid; // what the action gives
}
const orderOf = async (id: string) => (await readEntity(database.pool, { type: 'order', id })).fields;

describe('markPaid', () => {
  it('marks an order that is known, and says whether it is covered', async () => {
    const orderId = `shop:${randomUUID()}`;
    await takeOrder(database.pool, orderId);
    expect(await mark({ id: `a-${orderId}`, orderId, amount: 20 })).toEqual({ orderId, covered: false });
    expect(await mark({ id: `b-${orderId}`, orderId, amount: 4.5 })).toEqual({ orderId, covered: true });
    expect(await orderOf(orderId)).toMatchObject({
      number: '#1001',
      payment: { status: 'paid', amount: 24.5, payments: [{ amount: 20 }, { amount: 4.5 }] },
    });
  });

  it('cannot tell whether an order is covered in another currency', async () => {
    const orderId = `shop:${randomUUID()}`;
    await takeOrder(database.pool, orderId);
    expect(await mark({ id: `a-${orderId}`, orderId, currency: 'USD' })).toEqual({ orderId, covered: null });
  });

  it('adds a payment once that two events tell, one of them without the order, in both orders', async () => {
    for (const named of [
      [true, false],
      [false, true],
    ]) {
      const orderId = `shop:${randomUUID()}`;
      const results = [];
      for (const names of named)
        results.push(
          await mark({ id: `p-${orderId}`, orderId: names ? orderId : null, paidAt: `2026-01-01T00:05:0${names ? 1 : 0}.000Z` }),
        );
      expect(results.at(-1)).toMatchObject({ orderId });
      expect(await orderOf(orderId)).toMatchObject({ payment: { amount: 24.5, paidAt: '2026-01-01T00:05:01.000Z' } });
    }
  });

  it('notes a payment without an order, for whoever looks for it', async () => {
    const id = randomUUID();
    expect(await mark({ id })).toEqual({ orderId: null, covered: null });
    const { rows } = await database.pool.query({
      name: 'test.unmatched',
      text: 'SELECT order_id, amount, currency FROM payments WHERE id = $1',
      values: [id],
    });
    expect(rows).toEqual([{ order_id: null, amount: '24.5', currency: 'EUR' }]);
  });

  it('refuses a payment that was counted for another order, and changes nothing', async () => {
    const [orderId, other, id] = [randomUUID(), randomUUID(), randomUUID()];
    await mark({ id, orderId });
    await expect(mark({ id, orderId: other })).rejects.toMatchObject({
      code: 'payment.otherOrder',
      message: `payment.otherOrder: expected order \`${orderId}\`, got another, in payment \`${id}\``,
    });
    expect(await orderOf(other)).toEqual({});
  });

  it('gathers twenty tellings of four payments that come at once', async () => {
    const orderId = `shop:${randomUUID()}`;
    await Promise.all(Array.from({ length: 20 }, (_, index) => mark({ id: `${index % 4}-${orderId}`, orderId, amount: 0.1 })));
    expect(await orderOf(orderId)).toMatchObject({ payment: { amount: 0.4, payments: [{}, {}, {}, {}] } });
  });
});

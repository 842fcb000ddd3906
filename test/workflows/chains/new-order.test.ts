import { describe, expect, it } from 'vitest';
import newOrder from '../../../src/workflows/chains/new-order.ts';
import { playChain, type Answers } from '../../support/play-chain.ts';
import { orderCreated } from '../../../scripts/record/sample-events.ts';

const answers: Answers = { 'inventory.reserve': { lines: [{ sku: 'MUG', wanted: 2, held: 2 }], backordered: false } };
const actionsOf = ({ calls }: { readonly calls: readonly { readonly action: string }[] }): readonly string[] =>
  calls.map(({ action }) => action);

describe('new-order', () => {
  it('reserves, confirms, hands over, counts', async () => {
    const played = await playChain(newOrder, orderCreated(), answers);
    expect(actionsOf(played)).toEqual([
      'inventory.reserve',
      'email.sendOrderConfirmation',
      'fulfilment.notifyWarehouse',
      'analytics.record',
    ]);
    expect(played.result).toEqual({ backordered: false, lines: [{ sku: 'MUG', wanted: 2, held: 2 }] });
  });

  it('tells the customer what follows later', async () => {
    const played = await playChain(newOrder, orderCreated(), {
      'inventory.reserve': {
        lines: [
          { sku: 'MUG', wanted: 2, held: 1 },
          { sku: 'CUP', wanted: 1, held: 1 },
        ],
        backordered: true,
      },
    });
    expect(played.calls[1]?.input).toMatchObject({ short: [{ sku: 'MUG', wanted: 2, held: 1 }] });
    expect(played.calls[2]?.input).toMatchObject({ backordered: true });
  });

  it('sends no mail for an order without an address', async () => {
    const event = orderCreated({ customer: { email: null, name: null } });
    expect(actionsOf(await playChain(newOrder, event, answers))).not.toContain('email.sendOrderConfirmation');
  });

  it.each(['inventory.reserve', 'email.sendOrderConfirmation', 'fulfilment.notifyWarehouse', 'analytics.record'])(
    'releases the stock when %s fails',
    async (failing) => {
      const played = await playChain(newOrder, orderCreated(), {
        ...answers,
        [failing]: () => {
          throw new Error('no');
        },
      });
      expect(actionsOf(played).at(-1)).toBe('inventory.release');
      expect(played.error).toBeInstanceOf(Error);
    },
  );

  it('says which order it is', () => {
    expect(newOrder.summary(orderCreated())).toBe('Order #1001');
  });
});

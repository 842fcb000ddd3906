import { describe, expectTypeOf, test } from 'vitest';
import type { Agents } from '../../src/workflows/actions.gen.ts';
import { actionFacts } from '../../src/workflows/actions.gen.ts';
import type { DataOf, EventType } from '../../src/workflows/define-chain.ts';
import { defineChain } from '../../src/workflows/define-chain.ts';
import type { JsonValue } from '../../src/contracts/json.ts';

const summary = (): string => 'a chain';

describe('a chain', () => {
  test('is typed by the event that it names', () => {
    defineChain({
      name: 'typed',
      on: 'order.created',
      summary: ({ data }) => data.number,
      when: ({ data }) => {
        expectTypeOf(data).toEqualTypeOf<DataOf<'order.created'>>();
        return true;
      },
      async run(event) {
        expectTypeOf(event.type).toEqualTypeOf<'order.created'>();
        expectTypeOf(event.data).toEqualTypeOf<DataOf<'order.created'>>();
      },
    });
  });

  test('of a raw type gets whatever the provider sent', () => {
    defineChain({
      name: 'raw',
      on: 'shopify:products/update',
      summary,
      async run(event) {
        expectTypeOf(event.data).toEqualTypeOf<JsonValue>();
      },
    });
  });

  test('with a misspelt event does not compile', () => {
    expectTypeOf<'order.creatd'>().not.toExtend<EventType>();
    expectTypeOf<'shopfy:orders/create'>().not.toExtend<EventType>();
    // @ts-expect-error - no event has this name
    defineChain({ name: 'misspelt', on: 'order.creatd', summary, run: async () => undefined });
  });

  test('with a misspelt agent, action, input or payload field does not compile', () => {
    defineChain({
      name: 'misspelt',
      on: 'order.created',
      summary,
      async run({ data }, { agents }) {
        // @ts-expect-error - there is no such agent
        await agents.inventry.reserve({});
        // @ts-expect-error - the agent has no such action
        await agents.inventory.resreve({});
        // @ts-expect-error - the input needs more than this
        await agents.inventory.reserve({ orderId: data.id });
        // @ts-expect-error - the input has no such field
        await agents.analytics.record({ nam: 'order_created', subject: data.id, value: data.total.amount, currency: data.total.currency });
        // @ts-expect-error - the order has no such field
        void data.custmer;
      },
    });
  });
});

describe('the facts of actions', () => {
  test('are of exactly the actions that chains can call', () => {
    expectTypeOf<keyof typeof actionFacts>().toEqualTypeOf<keyof Agents>();
    expectTypeOf<keyof (typeof actionFacts)['inventory']>().toEqualTypeOf<keyof Agents['inventory']>();
    expectTypeOf(actionFacts.inventory.release.undoes).toEqualTypeOf<'reserve'>();
  });

  test('what an action gives is what its agent returns', () => {
    expectTypeOf<Awaited<ReturnType<Agents['inventory']['reserve']>>>().toHaveProperty('backordered');
    expectTypeOf<Agents['email']['sendOrderConfirmation']>().parameter(0).toHaveProperty('to').toEqualTypeOf<string>();
  });
});

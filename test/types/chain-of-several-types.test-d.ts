import { describe, expectTypeOf, test } from 'vitest';
import type { DataOf } from '../../src/workflows/define-chain.ts';
import { defineChain } from '../../src/workflows/define-chain.ts';

const summary = (): string => 'a chain';

describe('a chain on several event types', () => {
  test('gets the event of any of them, and `type` tells which', () => {
    defineChain({
      name: 'several',
      on: ['order.created', 'ticket.created'],
      summary: ({ type, data }) => (type === 'order.created' ? `${data.total.amount}` : data.subject),
      when: (event) => event.type !== 'ticket.created' || event.data.priority !== null,
      async run(event) {
        expectTypeOf(event.type).toEqualTypeOf<'order.created' | 'ticket.created'>();
        expectTypeOf(event.data).toEqualTypeOf<DataOf<'order.created'> | DataOf<'ticket.created'>>();
        if (event.type === 'ticket.created') expectTypeOf(event.data).toEqualTypeOf<DataOf<'ticket.created'>>();
        // @ts-expect-error - an order has no subject
        void event.data.subject;
      },
    });
  });

  test('names at least one, and none that is misspelt', () => {
    // @ts-expect-error - on nothing at all
    defineChain({ name: 'none', on: [], summary, run: async () => undefined });
    // @ts-expect-error - no event has this name
    defineChain({ name: 'misspelt', on: ['ticket.created', 'ticket.updatd'], summary, run: async () => undefined });
  });
});

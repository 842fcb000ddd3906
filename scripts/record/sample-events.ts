import type { Order } from '../../src/events/_order.ts';
import type { ChainEvent } from '../../src/contracts/run.ts';

/** An `order.created` as a chain gets it. */
export function orderCreated(overrides: Partial<Order> = {}): ChainEvent<Order, 'order.created'> {
  const data: Order = {
    id: 'shop:1001',
    number: '#1001',
    customer: { email: 'ada@example.com', name: 'Ada' },
    lines: [{ sku: 'MUG', title: 'Mug', quantity: 2, unitPrice: { amount: 12.25, currency: 'EUR' } }],
    total: { amount: 24.5, currency: 'EUR' },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
  return {
    uuid: '019b0000-0000-7000-8000-000000000001',
    source: 'shop',
    id: 'e1',
    type: 'order.created',
    entity: { type: 'order', id: data.id },
    occurredAt: '2026-01-01T00:00:00.000Z',
    receivedAt: '2026-01-01T00:00:01.000Z',
    test: false,
    data,
  };
}

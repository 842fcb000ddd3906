import type { ChainEvent } from '../../src/contracts/run.ts';
import type { Customer } from '../../src/events/_customer.ts';

/** A `customer.updated` as a chain gets it. */
export function customerUpdated(overrides: Partial<Customer> = {}): ChainEvent<Customer, 'customer.updated'> {
  const data: Customer = {
    id: 'shop:42',
    email: 'ada@example.com',
    name: 'Ada',
    phone: null,
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
  return {
    uuid: '019b0000-0000-7000-8000-000000000003',
    source: 'shop',
    id: 'c1',
    type: 'customer.updated',
    entity: { type: 'customer', id: data.id },
    occurredAt: '2026-01-01T00:00:00.000Z',
    receivedAt: '2026-01-01T00:00:01.000Z',
    test: false,
    data,
  };
}

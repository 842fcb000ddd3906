import type { ChainEvent } from '../../src/contracts/run.ts';
import type { Payment } from '../../src/events/_payment.ts';

/** A `payment.succeeded` as a chain gets it. */
export function paymentSucceeded(overrides: Partial<Payment> = {}): ChainEvent<Payment, 'payment.succeeded'> {
  const data: Payment = {
    id: 'stripe:pi_1',
    providerId: 'pi_1',
    orderId: 'shop:1001',
    amount: 24.5,
    currency: 'EUR',
    paidAt: '2026-01-01T00:05:00.000Z',
    ...overrides,
  };
  return {
    uuid: '019b0000-0000-7000-8000-000000000002',
    source: 'stripe',
    id: 'evt_1',
    type: 'payment.succeeded',
    entity: data.orderId === null ? null : { type: 'order', id: data.orderId },
    occurredAt: '2026-01-01T00:05:00.000Z',
    receivedAt: '2026-01-01T00:05:01.000Z',
    test: false,
    data,
  };
}

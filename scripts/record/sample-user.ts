import type { ChainEvent } from '../../src/contracts/run.ts';
import type { User } from '../../src/events/_user.ts';

/** A `user.registered` as a chain gets it. */
export function userRegistered(overrides: Partial<User> = {}): ChainEvent<User, 'user.registered'> {
  const data: User = {
    id: 'app:u-1',
    email: 'ada@example.com',
    name: 'Ada',
    registeredAt: '2026-01-01T00:00:00.000Z',
    country: 'GB',
    plan: 'team',
    marketingConsent: true,
    attributes: { team_size: 60 },
    ...overrides,
  };
  return {
    uuid: '019b0000-0000-7000-8000-000000000004',
    source: 'app',
    id: 'e4',
    type: 'user.registered',
    entity: { type: 'user', id: data.id },
    occurredAt: data.registeredAt,
    receivedAt: '2026-01-01T00:00:01.000Z',
    test: false,
    data,
  };
}

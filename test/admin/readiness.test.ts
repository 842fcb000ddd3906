import { describe, expect, test } from 'vitest';
import { createReadiness, type Readiness, type Role } from '../../src/admin/readiness.ts';

const SINCE = new Date('2026-01-02T03:04:05.000Z');
const make = (role: Role, down: readonly ('postgres' | 'temporal')[] = []): Readiness => {
  const readiness = createReadiness({
    role,
    servers: {
      postgres: { downSince: () => (down.includes('postgres') ? SINCE : null) },
      temporal: { downSince: () => (down.includes('temporal') ? SINCE : null) },
    },
  });
  readiness.started();
  return readiness;
};

describe('createReadiness', () => {
  test.each([
    { role: 'ingress', down: [], ready: true },
    { role: 'ingress', down: ['temporal'], ready: true },
    { role: 'ingress', down: ['postgres'], ready: false },
    { role: 'worker', down: [], ready: true },
    { role: 'worker', down: ['temporal'], ready: false },
    { role: 'worker', down: ['postgres'], ready: false },
    { role: 'admin', down: ['temporal'], ready: true },
    { role: 'admin', down: ['postgres'], ready: false },
    { role: 'up', down: ['temporal'], ready: true },
    { role: 'up', down: ['postgres'], ready: false },
  ] as const)('$role without $down: ready $ready', ({ role, down, ready }) => {
    expect(make(role, down).report().ready).toBe(ready);
  });

  test('says what is down, since when, and what works all the same', () => {
    expect(make('ingress', ['temporal']).report()).toEqual({
      ready: true,
      role: 'ingress',
      phase: 'serving',
      postgres: { up: true },
      temporal: { up: false, since: '2026-01-02T03:04:05.000Z', reason: null },
      notes: ['temporal: down since 2026-01-02T03:04:05.000Z: events are accepted and started later'],
    });
  });

  test('says why, where that is known', () => {
    const postgres = { downSince: () => SINCE, reason: () => 'its disk is full' };
    const readiness = createReadiness({ role: 'ingress', servers: { postgres, temporal: { downSince: () => null } } });
    expect(readiness.report()).toMatchObject({
      postgres: { up: false, since: '2026-01-02T03:04:05.000Z', reason: 'its disk is full' },
      notes: [
        'starting: not all parts are there',
        'postgres: down since 2026-01-02T03:04:05.000Z, its disk is full: webhooks are answered 503, and their senders come again',
      ],
    });
  });

  test.each(['ingress', 'worker', 'admin', 'up'] as const)('is ready as %s while Temporal has too much to do, and says so', (role) => {
    const temporal = { downSince: () => null, strainedSince: () => SINCE };
    const readiness = createReadiness({ role, servers: { postgres: { downSince: () => null }, temporal } });
    readiness.started();
    expect(readiness.report()).toMatchObject({
      ready: true,
      temporal: { up: true },
      notes: [expect.stringMatching(/^temporal: has too much to do since 2026-01-02T03:04:05\.000Z: /) as string],
    });
  });

  test('is not ready before all parts are there', () => {
    const readiness = createReadiness({
      role: 'up',
      servers: { postgres: { downSince: () => null }, temporal: { downSince: () => null } },
    });
    expect(readiness.report()).toMatchObject({ ready: false, phase: 'starting', notes: ['starting: not all parts are there'] });
    readiness.started();
    expect(readiness.report()).toMatchObject({ ready: true, phase: 'serving', notes: [] });
  });

  test('is not ready while it drains, and a late start does not change that', () => {
    const readiness = make('ingress');
    readiness.drain();
    readiness.started();
    expect(readiness.report()).toMatchObject({
      ready: false,
      phase: 'draining',
      notes: ['draining: what is under way is finished, then the process ends'],
    });
  });
});

import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { HooklineError } from '../../src/contracts/errors.ts';
import { toPostgresFailure } from '../../src/store/postgres-failure.ts';

const state = (code: string): DatabaseError => Object.assign(new DatabaseError('x', 0, 'error'), { code });

test.each([
  [
    'a refused connection',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' }),
    'unavailable',
  ],
  ['addresses that all refuse', new AggregateError([new Error('a')], ''), 'unavailable'],
  ['a connection that ended', new Error('Connection terminated unexpectedly'), 'unavailable'],
  ['a silent server', new Error('Query read timeout'), 'unavailable'],
  ['a full pool', new Error('timeout exceeded when trying to connect'), 'unavailable'],
  ['a server that shuts down', state('57P01'), 'unavailable'],
  ['a full disk', state('53100'), 'unavailable'],
  ['a statement that took too long', state('57014'), 'unavailable'],
  ['a standby', state('25006'), 'unavailable'],
  ['a transaction of ours that was silent for too long', state('25P03'), 'unavailable'],
  ['an I/O error of the disk', state('58030'), 'unavailable'],
  ['our own word for it', new HooklineError('postgres.unavailable'), 'unavailable'],
  ['a deadlock', state('40P01'), 'conflict'],
  ['a text that cannot be stored', state('22021'), 'data'],
  ['a key that is taken', state('23505'), 'data'],
  ['JSON that is too deep', state('54001'), 'data'],
  ['another of our errors', new HooklineError('inbox.full'), 'other'],
  ['a bug', new TypeError('x is not a function'), 'other'],
  ['anything', 'text', 'other'],
] as const)('%s', (_what, error, expected) => {
  expect(toPostgresFailure(error)).toBe(expected);
});

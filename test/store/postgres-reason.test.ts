import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { HooklineError } from '../../src/contracts/errors.ts';
import { toPostgresReason } from '../../src/store/postgres-reason.ts';

const said = (code: string): DatabaseError => Object.assign(new DatabaseError('canary', 6, 'error'), { code });

test.each([
  [said('25006'), 'it takes no writes'],
  [said('53100'), 'its disk is full'],
  [said('53300'), 'it has no free connection'],
  [said('53200'), 'it has run out of something'],
  [said('57P03'), 'it is starting or stopping'],
  [said('57014'), 'it does not answer in time'],
  [said('28P01'), 'it refuses our credentials'],
  [said('3D000'), 'it does not have the database'],
  [said('58030'), 'its disk fails'],
  [said('XX000'), 'it answers with XX000'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'it cannot be reached'],
  [new Error('Query read timeout'), 'it does not answer in time'],
  [new Error('Connection terminated due to connection timeout'), 'it does not answer in time'],
  ['canary', 'it cannot be reached'],
])('of %s says: %s', (error, reason) => {
  expect(toPostgresReason(error)).toBe(reason);
  expect(toPostgresReason(new HooklineError('postgres.unavailable', { cause: error }))).toBe(reason);
});

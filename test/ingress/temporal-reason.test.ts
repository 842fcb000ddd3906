import { expect, test } from 'vitest';
import { isShedding, toTemporalReason } from '../../src/ingress/temporal-reason.ts';

const grpc = (code: number): Error => new Error('wrapped', { cause: Object.assign(new Error('canary'), { code, details: 'canary' }) });

test.each([
  [14, 'it cannot be reached'],
  [4, 'it does not answer in time'],
  [5, 'it does not have the namespace'],
  [7, 'it refuses our credentials'],
  [16, 'it refuses our credentials'],
  [13, 'it answers with gRPC 13'],
])('of code %i says: %s', (code, reason) => {
  expect(toTemporalReason(grpc(code))).toBe(reason);
});

test('says of what is no call that it cannot be reached', () => {
  expect(toTemporalReason(new Error('no'))).toBe('it cannot be reached');
});

test('knows a server that takes no more from one that is no use', () => {
  expect([8, 14, 4].map((code) => isShedding(grpc(code)))).toEqual([true, false, false]);
});

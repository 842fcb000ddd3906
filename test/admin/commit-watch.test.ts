import { expect, test } from 'vitest';
import { createCommitWatch } from '../../src/admin/commit-watch.ts';
import { HooklineError } from '../../src/contracts/errors.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const AWAY = new HooklineError('postgres.unavailable', { cause: new Error('Connection terminated') });

test('tells since when commits fail, and why, until one succeeds', () => {
  let now = at(0);
  const watch = createCommitWatch(() => now);
  watch.note(undefined);
  expect([watch.downSince(), watch.reason?.()]).toEqual([null, null]);
  watch.note(AWAY);
  now = at(5);
  watch.note(AWAY);
  expect([watch.downSince(), watch.reason?.()]).toEqual([at(0), 'it cannot be reached']);
  watch.note(undefined);
  expect([watch.downSince(), watch.reason?.()]).toEqual([null, null]);
});

test('says nothing 10 s after the last one, so that the next is tried; and goes on since the first where that fails too', () => {
  let now = at(0);
  const watch = createCommitWatch(() => now);
  watch.note(AWAY);
  now = at(10);
  expect(watch.downSince()).toBeNull();
  watch.note(AWAY);
  expect(watch.downSince()).toEqual(at(0));
});

test('takes no delivery that PostgreSQL refuses for a server that is down', () => {
  const watch = createCommitWatch(() => at(0));
  watch.note(new TypeError('a bug'));
  expect(watch.downSince()).toBeNull();
});

import { DatabaseError } from 'pg';
import { describe, expect, test } from 'vitest';
import { HooklineError } from '../../src/contracts/errors.ts';
import { createGroupCommit } from '../../src/store/group-commit.ts';
import type { GroupCommit, GroupCommitLimits } from '../../src/store/group-commit.ts';

const LIMITS: GroupCommitLimits = {
  maxBatch: 100,
  maxBatchBytes: 1_000,
  maxWaiting: 100,
  maxWaitingBytes: 10_000,
  maxInFlight: 1,
  maxWaitMs: 10_000,
};

/** One statement that a test answers by hand. */
interface Statement {
  readonly items: readonly string[];
  commit(): void;
  fail(error: unknown): void;
}

function sqlState(code: string): DatabaseError {
  return Object.assign(new DatabaseError(`state ${code}`, 0, 'error'), { code });
}

function start(limits: Partial<GroupCommitLimits> = {}): {
  readonly group: GroupCommit<string, string>;
  readonly statements: Statement[];
  readonly failures: unknown[];
} {
  const statements: Statement[] = [];
  const failures: unknown[] = [];
  const group = createGroupCommit<string, string>({
    write: (items) =>
      new Promise((resolve, fail) => {
        statements.push({ items, fail, commit: () => resolve(items.map((item) => ({ status: 'fulfilled', value: item.toUpperCase() }))) });
      }),
    sizeBytes: (item) => item.length,
    limits: { ...LIMITS, ...limits },
    onWritten: (failure) => failures.push(failure),
  });
  return { group, statements, failures };
}

/** Lets all that is settled be noticed. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  test('writes what is alone at once, and what meets together', async () => {
    const { group, statements } = start();
    const results = Promise.all(['a', 'b', 'c'].map((item) => group.add(item)));
    expect(statements.map(({ items }) => items)).toEqual([['a']]);
    statements[0]?.commit();
    await settle();
    expect(statements.map(({ items }) => items)).toEqual([['a'], ['b', 'c']]);
    statements[1]?.commit();
    expect(await results).toEqual(['A', 'B', 'C']);
  });

  test('keeps as many statements under way as it may, and no more', async () => {
    const { group, statements } = start({ maxInFlight: 2, maxBatch: 1 });
    const results = Promise.all(['a', 'b', 'c'].map((item) => group.add(item)));
    expect(statements.map(({ items }) => items)).toEqual([['a'], ['b']]);
    for (let index = 0; index < 3; index++) {
      statements[index]?.commit();
      await settle();
    }
    expect(await results).toEqual(['A', 'B', 'C']);
  });

  test('ends a batch at its count and at its bytes, and takes one item that is larger by itself', async () => {
    const { group, statements } = start({ maxBatch: 3, maxBatchBytes: 5 });
    const results = Promise.all(['x', '12', '34', '5', 'a', 'b', 'c', 'd', 'much too large', 'e'].map((item) => group.add(item)));
    for (let index = 0; index < 6; index++) {
      statements[index]?.commit();
      await settle();
    }
    expect(statements.map(({ items }) => items)).toEqual([['x'], ['12', '34', '5'], ['a', 'b', 'c'], ['d'], ['much too large'], ['e']]);
    expect(await results).toHaveLength(10);
  });

  test('writes items one by one after a fault of the data, and rejects only the guilty one', async () => {
    const { group, statements, failures } = start();
    const results = Promise.allSettled(['first', 'a', 'bad', 'c'].map((item) => group.add(item)));
    statements[0]?.commit();
    await settle();
    for (let index = 1; index < 5; index++) {
      const statement = statements[index];
      if (statement?.items.includes('bad') === true) statement.fail(sqlState('22021'));
      else statement?.commit();
      await settle();
    }
    expect(statements.map(({ items }) => items)).toEqual([['first'], ['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
    expect(await results).toMatchObject([
      { value: 'FIRST' },
      { value: 'A' },
      { status: 'rejected', reason: { code: 'inbox.unavailable', cause: { code: '22021' } } },
      { value: 'C' },
    ]);
    expect(failures).toHaveLength(5);
  });

  test('rejects the whole batch when the connection fails, and all that is left when it fails in between', async () => {
    const { group, statements } = start();
    const results = Promise.allSettled(['first', 'a', 'b', 'c'].map((item) => group.add(item)));
    statements[0]?.fail(new HooklineError('postgres.unavailable'));
    await settle();
    statements[1]?.fail(sqlState('22021'));
    await settle();
    statements[2]?.fail(new HooklineError('postgres.unavailable'));
    expect((await results).map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'rejected'));
    expect(statements).toHaveLength(3);
    expect(group.waiting()).toBe(0);
  });

  test('writes the same batch again after a conflict', async () => {
    const { group, statements } = start();
    const result = group.add('a');
    statements[0]?.fail(sqlState('40P01'));
    await settle();
    statements[1]?.commit();
    expect(await result).toBe('A');
  });

  test('refuses what would exceed the bytes that may wait, and takes more once there is room', async () => {
    const { group, statements } = start({ maxWaitingBytes: 10 });
    const first = group.add('123456');
    await expect(group.add('78901')).rejects.toMatchObject({ code: 'inbox.full' });
    statements[0]?.commit();
    await first;
    const second = group.add('78901');
    await settle();
    statements[1]?.commit();
    expect(await second).toBe('78901');
  });

  test('rejects what has waited too long, and never begins to write it', async () => {
    const { group, statements } = start({ maxWaitMs: 20 });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => group.add(item)));
    expect(results).toMatchObject(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: { code: 'inbox.unavailable' } })));
    expect(group.waiting()).toBe(0);
    statements[0]?.commit();
    await settle();
    expect(statements.map(({ items }) => items)).toEqual([['a']]);
  });

  test('writes all that waits before it is closed, and takes nothing more', async () => {
    const { group, statements } = start();
    const results = Promise.all([group.add('a'), group.add('b')]);
    const closed = group.close();
    await expect(group.add('c')).rejects.toMatchObject({ code: 'ingress.draining' });
    statements[0]?.commit();
    await settle();
    statements[1]?.commit();
    await closed;
    expect(await results).toEqual(['A', 'B']);
  });
});

import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCallKeys, type Branch, type CallKeys } from '../../src/workflows/call-keys.ts';

const newKeys = (): CallKeys => createCallKeys(new AsyncLocalStorage<Branch>());

describe('createCallKeys', () => {
  it('counts each action by itself', () => {
    const keys = newKeys();
    expect([keys.forAction('a.x'), keys.forAction('a.x'), keys.forAction('a.y')]).toEqual(['0', '1', '0']);
  });

  it('gives branches the same keys whatever order they resume in', async () => {
    const run = async (waits: readonly number[]): Promise<readonly string[][]> => {
      const keys = newKeys();
      const all = keys.enterAll();
      const branch = (index: number): Promise<string[]> =>
        keys.inBranch(all, index, async () => {
          for (let turn = 0; turn < (waits[index] ?? 0); turn += 1) await setImmediate();
          const first = keys.forAction('a.x');
          await setImmediate();
          return [first, keys.forAction('a.x')];
        });
      return Promise.all([branch(0), branch(1)]);
    };
    expect(await run([3, 0])).toEqual(await run([0, 3]));
    expect(await run([0, 0])).toEqual([
      ['0.0/0', '0.0/1'],
      ['0.1/0', '0.1/1'],
    ]);
  });

  it('gives the branches of two `all`s, and of one within another, keys of their own', () => {
    const keys = newKeys();
    const [first, second] = [keys.enterAll(), keys.enterAll()];
    const inFirst = keys.inBranch(first, 0, () => keys.forAction('a.x'));
    const inSecond = keys.inBranch(second, 0, () => keys.forAction('a.x'));
    const nested = keys.inBranch(first, 0, () => keys.inBranch(keys.enterAll(), 0, () => keys.forAction('a.x')));
    expect([inFirst, inSecond, nested]).toEqual(['0.0/0', '1.0/0', '0.0/0.0/0']);
  });

  it('pairs an undo with the call that follows its registration, whatever was called since', () => {
    const keys = newKeys();
    const undos = [0, 1].map((ordinal) => {
      const later = keys.forLater(ordinal);
      expect(keys.forAction('stock.reserve')).toBe(String(ordinal));
      return later;
    });
    expect(undos.toReversed().map((later) => later(() => keys.forUndo('stock.reserve')))).toEqual(['1', '0']);
  });

  it('pairs an undo of a branch with the call of that branch', () => {
    const keys = newKeys();
    const all = keys.enterAll();
    const later = keys.inBranch(all, 1, () => {
      const undo = keys.forLater(0);
      expect(keys.forAction('stock.reserve')).toBe('0.1/0');
      return undo;
    });
    expect(later(() => keys.forUndo('stock.reserve'))).toBe('0.1/0');
  });

  it('gives what an undo does beside undoing keys of its own', () => {
    const keys = newKeys();
    keys.forAction('email.send');
    expect(keys.forLater(0)(() => keys.forAction('email.send'))).toBe('undo0/0');
  });

  it('undoes the last call where an undo is called outside of any registration', () => {
    const keys = newKeys();
    keys.forAction('stock.reserve');
    keys.forAction('stock.reserve');
    expect(keys.forUndo('stock.reserve')).toBe('1');
  });
});

import { DatabaseError } from 'pg';
import { describe, expect, test } from 'vitest';
import { createWalk } from '../../../src/admin/retention/walk.ts';
import { HooklineError } from '../../../src/contracts/errors.ts';
import type { RetentionCursor, RetentionCutoffs, RetentionPage, RetentionStep } from '../../../src/store/retention.ts';

const HOUR_MS = 60 * 60 * 1_000;
const NOW = new Date('2026-11-24T12:00:00.000Z');
const CUTOFFS: RetentionCutoffs = {
  body: NOW,
  delivery: NOW,
  event: NOW,
  effect: NOW,
  dedupe: NOW,
  audit: NOW,
  settledBody: NOW,
  settledEvent: NOW,
};

interface Table {
  readonly rows: () => number;
  readonly byTime?: boolean;
  readonly pageMs?: number;
  readonly fail?: () => Error | undefined;
}

/** A walk over a table of `rows` rows, two a page, none of which may leave. */
function walkOver({ rows, byTime = true, pageMs = 7, fail = () => undefined }: Table) {
  const asked: number[] = [];
  const rests: number[] = [];
  let clockMs = 0;
  const step: RetentionStep = {
    name: 'things',
    what: 'events',
    start: [0],
    byTime,
    async page([after]: RetentionCursor): Promise<RetentionPage> {
      const failure = fail();
      if (failure !== undefined) throw failure;
      asked.push(Number(after));
      clockMs += pageMs;
      const last = Math.min(rows(), Number(after) + 2);
      return { removed: 0, last: last === Number(after) ? null : [last] };
    },
  };
  const walk = createWalk({ step, monotonicMs: () => clockMs, rest: async (milliseconds) => void rests.push(milliseconds) });
  const stop = new AbortController();
  return {
    asked,
    rests,
    stop,
    later: (hours: number) => void (clockMs += hours * HOUR_MS),
    advance: (hold = async () => true) => walk.advance({ cutoffs: CUTOFFS, hold, signal: stop.signal, onRemoved: () => {} }),
  };
}

describe('a walk', () => {
  test('goes over everything once a day, and between over what has grown old since', async () => {
    let rows = 4;
    const { asked, later, advance } = walkOver({ rows: () => rows });
    expect(await advance()).toEqual({ finished: true, over: false });
    expect(asked.splice(0)).toEqual([0, 2, 4]);
    rows = 5;
    later(23);
    await advance();
    expect(asked.splice(0)).toEqual([4, 5]);
    later(1);
    await advance();
    expect(asked).toEqual([0, 2, 4, 5]);
  });

  test('goes over a table whose keys say nothing of time once a day', async () => {
    const { asked, later, advance } = walkOver({ rows: () => 2, byTime: false });
    await advance();
    later(23);
    expect(await advance()).toEqual({ finished: true, over: false });
    expect(asked).toEqual([0, 2]);
    later(1);
    await advance();
    expect(asked).toEqual([0, 2, 0, 2]);
  });

  test('goes on where it was stopped, and does not begin anew before it has come to the end', async () => {
    const { asked, stop, later, advance } = walkOver({ rows: () => 4, fail: () => (asked.length === 1 ? unavailable() : undefined) });
    expect(await advance()).toMatchObject({ finished: false, over: true });
    asked.push(-1); // PostgreSQL is back
    later(30);
    await advance();
    expect(asked).toEqual([0, -1, 2, 4]);
    stop.abort();
    later(30);
    expect(await advance()).toEqual({ finished: false, over: true });
  });

  test('tries again what another transaction was in the way of, and leaves it to the next round where that lasts', async () => {
    let conflicts = 2;
    const passing = walkOver({ rows: () => 2, fail: () => (conflicts-- > 0 ? inTheWay() : undefined) });
    expect(await passing.advance()).toEqual({ finished: true, over: false });
    const lasting = walkOver({ rows: () => 2, fail: inTheWay });
    expect(await lasting.advance()).toMatchObject({ finished: false, over: false, failure: { code: '55P03' } });
  });

  test('ends where the chore was lost to another process', async () => {
    const { asked, advance } = walkOver({ rows: () => 100, pageMs: 4_000 });
    expect(await advance(async () => false)).toEqual({ finished: false, over: true });
    expect(asked).toEqual([0, 2, 4]);
  });

  test('rests as long as it has worked, and no longer than ten seconds', async () => {
    const usual = walkOver({ rows: () => 4 });
    await usual.advance();
    expect(usual.rests).toEqual([7, 7]);
    const slept = walkOver({ rows: () => 2, pageMs: HOUR_MS });
    await slept.advance();
    expect(slept.rests).toEqual([10_000]);
  });
});

function unavailable(): HooklineError {
  return new HooklineError('postgres.unavailable');
}

function inTheWay(): DatabaseError {
  return Object.assign(new DatabaseError('canceling statement due to lock timeout', 0, 'error'), { code: '55P03' });
}

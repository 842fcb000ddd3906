import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectAction, type EffectAction, type EffectCall } from '../../src/activities/define-agent.ts';
import { EffectFailure } from '../../src/activities/effect-failure.ts';
import { performEffect } from '../../src/activities/effect-ledger.ts';
import type { ActionCall, EffectPolicy } from '../../src/contracts/run.ts';
import type { Pool } from '../../src/store/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const never = new AbortController().signal;
const mailCall = (): ActionCall => callOf({ action: 'email.send' });
const perform = (call: ActionCall, action: EffectAction<unknown, unknown>, runId = 'run-1', signal = never) =>
  performEffect(database.pool, { ...from(runId, call), action, dryAction: action, signal });
const rowOf = async ({ eventUuid }: ActionCall): Promise<{ state: string; sends: number } | undefined> => {
  const { rows } = await database.pool.query<{ state: string; sends: number }>({
    name: 'test.effect',
    text: 'SELECT state, sends FROM effects WHERE event_uuid = $1 ORDER BY round DESC LIMIT 1',
    values: [eventUuid],
  });
  return rows[0];
};
const effect = (policy: EffectPolicy, run: (call: EffectCall) => Promise<unknown>): EffectAction<unknown, unknown> =>
  effectAction({ policy }, (_input: unknown, call) => run(call));
const sends = (policy: EffectPolicy, seen: string[] = []): EffectAction<unknown, unknown> =>
  effect(policy, async ({ sending, effectKey }) => {
    await sending();
    seen.push(effectKey);
    return { seen: seen.length };
  });
/** What a worker killed at this point leaves behind. */
const die = (phase: 'before' | 'after'): EffectAction<unknown, unknown> =>
  effect('atMostOnce', async ({ sending }) => {
    if (phase === 'after') await sending();
    return new Promise<never>(() => {});
  });
const killed = async (call: ActionCall, phase: 'before' | 'after'): Promise<void> => {
  void perform(call, die(phase));
  await expect.poll(() => rowOf(call)).toMatchObject({ state: phase === 'before' ? 'intended' : 'sending' });
};

describe('performEffect', () => {
  it('commits `intended` before the call, `sending` before its point of no return, `done` after', async () => {
    const call = mailCall();
    const states: unknown[] = [];
    await perform(
      call,
      effect('atMostOnce', async ({ sending }) => {
        states.push((await rowOf(call))?.state);
        await sending();
        states.push((await rowOf(call))?.state);
      }),
    );
    expect([...states, (await rowOf(call))?.state]).toEqual(['intended', 'sending', 'done']);
  });

  it('returns what was done before, and does not do it again', async () => {
    const call = mailCall();
    const seen: string[] = [];
    await perform(call, sends('atMostOnce', seen));
    expect(await perform({ ...call, attempt: 2 }, sends('atMostOnce', seen), 'run-2')).toMatchObject({
      result: { seen: 1 },
      fromLedger: true,
    });
  });

  it.each(['atMostOnce', 'atLeastOnce'] as const)('acts again (%s) after a kill before the point of no return', async (policy) => {
    const call = mailCall();
    await killed(call, 'before');
    expect((await perform(call, sends(policy))).fromLedger).toBe(false);
    expect(await rowOf(call)).toEqual({ state: 'done', sends: 1 });
  });

  it('gives an effect that may have happened to an operator when it must not happen twice', async () => {
    const call = mailCall();
    const seen: string[] = [];
    await killed(call, 'after');
    await expect(perform(call, sends('atMostOnce', seen))).rejects.toMatchObject({ code: 'effect.unknown' });
    await expect(perform({ ...call, attempt: 2 }, sends('atMostOnce', seen), 'run-2')).rejects.toMatchObject({ code: 'effect.unknown' });
    expect([seen, await rowOf(call)]).toEqual([[], { state: 'unknown', sends: 1 }]);
  });

  it('sends again under the same key, and counts it, when it may happen twice', async () => {
    const call = mailCall();
    const seen: string[] = [];
    await expect(
      perform(
        call,
        effect('atLeastOnce', async ({ sending, effectKey }) => {
          await sending();
          seen.push(effectKey);
          throw new Error('no answer');
        }),
      ),
    ).rejects.toThrow('no answer');
    expect(await rowOf(call)).toEqual({ state: 'unknown', sends: 1 });
    await perform(call, sends('atLeastOnce', seen));
    expect([new Set(seen).size, await rowOf(call)]).toEqual([1, { state: 'done', sends: 2 }]);
  });

  it('acts again after a failure that surely has not happened', async () => {
    const call = mailCall();
    await expect(
      perform(
        call,
        effect('atMostOnce', async ({ sending }) => {
          await sending();
          throw new EffectFailure('mail.unavailable', { happened: 'no' });
        }),
      ),
    ).rejects.toMatchObject({ code: 'mail.unavailable' });
    expect((await rowOf(call))?.state).toBe('intended');
    await perform(call, sends('atMostOnce'));
    expect(await rowOf(call)).toEqual({ state: 'done', sends: 2 });
  });

  it('waits for a `sending` that is under way before it settles a failure', async () => {
    const call = mailCall();
    await expect(
      perform(
        call,
        effect('atMostOnce', async ({ sending }) => {
          void sending();
          throw new EffectFailure('mail.unavailable', { happened: 'no' });
        }),
      ),
    ).rejects.toMatchObject({ code: 'mail.unavailable' });
    expect((await rowOf(call))?.state).toBe('intended');
    await perform(call, sends('atMostOnce'));
    expect((await rowOf(call))?.state).toBe('done');
  });

  it('acts again after a mark of which it never heard whether it was written, since nothing has gone out', async () => {
    const call = mailCall();
    const deaf: Pool = {
      ...database.pool,
      async query(statement) {
        const answer = await database.pool.query(statement);
        if (statement.name === 'ledger.markSending') throw new Error('the answer is lost');
        return answer as never; // what was asked for
      },
    };
    const action = sends('atMostOnce');
    await expect(performEffect(deaf, { ...from('run-1', call), action, dryAction: action, signal: never })).rejects.toThrow(
      'the answer is lost',
    );
    expect(await rowOf(call)).toEqual({ state: 'intended', sends: 1 });
    expect((await perform({ ...call, attempt: 2 }, action)).fromLedger).toBe(false);
    expect(await rowOf(call)).toEqual({ state: 'done', sends: 2 });
  });

  it('turns a failure that may have happened into `effect.unknown` at once', async () => {
    const call = mailCall();
    await expect(
      perform(
        call,
        effect('atMostOnce', async ({ sending }) => {
          await sending();
          throw new Error('connection lost');
        }),
      ),
    ).rejects.toMatchObject({ code: 'effect.unknown' });
  });

  it('keeps a zombie from sending once another attempt has taken over', async () => {
    const call = mailCall();
    const seen: string[] = [];
    let wake = (): void => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const zombie = perform(
      call,
      effect('atLeastOnce', async ({ sending, effectKey }) => {
        await asleep;
        await sending();
        seen.push(effectKey);
      }),
    );
    await expect.poll(() => rowOf(call)).toMatchObject({ state: 'intended' });
    await perform(call, sends('atLeastOnce'));
    wake();
    await expect(zombie).rejects.toMatchObject({ code: 'effect.fenced' });
    expect(seen).toEqual([]);
  });

  it('takes the late word of a sender that was given up', async () => {
    const call = mailCall();
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const late = perform(
      call,
      effect('atMostOnce', async ({ sending }) => {
        await sending();
        await answered;
        return 'taken';
      }),
    );
    await expect.poll(() => rowOf(call)).toMatchObject({ state: 'sending' });
    await expect(perform(call, sends('atMostOnce'))).rejects.toMatchObject({ code: 'effect.unknown' });
    answer();
    await late;
    expect(await perform({ ...call, attempt: 2 }, sends('atMostOnce'), 'run-2')).toMatchObject({ result: 'taken', fromLedger: true });
  });

  it('sends nothing once the attempt is over', async () => {
    const call = mailCall();
    const seen: string[] = [];
    await expect(perform(call, sends('atMostOnce', seen), 'run-1', AbortSignal.abort())).rejects.toMatchObject({ code: 'effect.fenced' });
    expect([seen, (await rowOf(call))?.state]).toEqual([[], 'intended']);
  });
});

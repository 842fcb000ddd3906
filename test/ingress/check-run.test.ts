import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/contracts/run.ts';
import { checkRun, type CheckResult } from '../../src/ingress/check-run.ts';
import type { RunView } from '../../src/ingress/temporal-port.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const startedAt = new Date('2026-11-01T00:00:00Z');
const run = {
  eventUuid: 'uuid-1',
  chain: 'new-order',
  attempt: 2,
  restarts: 0,
  workflowId: 'shop.1',
  runId: 'run-1',
  startedAt,
  stuck: false,
};
const done: RunOutcome = { state: 'done', code: null, detail: null, result: null };
const ours: RunView = { runId: 'run-1', eventUuid: 'uuid-1', attempt: 2, outcome: null };

const check = (view: RunView | undefined, ageMs: number): Promise<CheckResult> =>
  checkRun({
    run,
    temporal: { describe: async () => view, start: () => Promise.reject(new Error('no')), facts: () => Promise.reject(new Error('no')) },
    retentionMs: 7 * DAY_MS,
    now: new Date(startedAt.getTime() + ageMs),
  });

describe('checkRun', () => {
  it.each<[string, RunView | undefined, number, CheckResult]>([
    ['leaves a run alone that is running', ours, DAY_MS, { kind: 'running' }],
    [
      'tells of one that Temporal cannot carry on',
      { ...ours, taskFailure: { attempt: 9, detail: 'no', since: null } },
      DAY_MS,
      { kind: 'stuck', detail: 'no' },
    ],
    ['takes the outcome of one that has closed', { ...ours, outcome: done }, DAY_MS, { kind: 'closed', outcome: done }],
    ['leaves one alone of which a later attempt has closed', { ...ours, attempt: 3, outcome: done }, DAY_MS, { kind: 'running' }],
    ['calls one forgotten that Temporal should still know', undefined, 6 * DAY_MS, { kind: 'forgotten' }],
    [
      'calls one forgotten of which a restored server knows an older attempt only',
      { ...ours, attempt: 1, outcome: done },
      DAY_MS,
      { kind: 'forgotten' },
    ],
    [
      'calls one forgotten whose id a run of somebody else has',
      { ...ours, eventUuid: undefined, attempt: undefined },
      DAY_MS,
      { kind: 'forgotten' },
    ],
  ])('%s', async (_name, view, ageMs, expected) => {
    expect(await check(view, ageMs)).toEqual(expected);
  });

  it('gives one to a person that Temporal may have forgotten for its age', async () => {
    expect(await check(undefined, 8 * DAY_MS)).toMatchObject({ kind: 'closed', outcome: { state: 'failed', code: 'run.outcomeLost' } });
  });
});

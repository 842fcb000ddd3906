import { describe, expect, it } from 'vitest';
import type { Answer, Facts, Outage, StoredRun } from '../../../../scripts/drill/facts.ts';
import { listResets } from '../../../../scripts/drill/measure/list-resets.ts';
import { toSpread } from '../../../../scripts/drill/measure/percentiles.ts';
import { toDrainFigures } from '../../../../scripts/drill/measure/to-drain-figures.ts';

describe('a spread', () => {
  it('is of the values in their order, rounded', () => {
    expect(toSpread(Array.from({ length: 200 }, (_, index) => 200.4 - index))).toEqual({ count: 200, p50: 101, p99: 199, max: 200 });
  });

  it('of nothing is nought', () => {
    expect(toSpread([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  });
});

describe('a reset', () => {
  const stop: Outage = {
    what: 'ingress',
    name: 'ingress-1',
    how: 'stop',
    fromMs: 1_000,
    goneMs: 2_000,
    untilMs: 2_100,
    readyMs: 3_000,
    port: 81,
  };
  const answer: Answer = { eventId: 'one', status: null, told: 'ECONNRESET', atMs: 1_500, tookMs: 5, port: 81 };

  it('is a post without an answer that was under way at an ingress while it ended', () => {
    expect(listResets({ answers: [answer], outages: [stop] })).toEqual([answer]);
  });

  it.each<[string, Partial<Answer>]>([
    ['that found nobody', { told: 'ECONNREFUSED' }],
    ['that was answered', { status: 503, told: 'ingress.draining' }],
    ['to another ingress', { port: 82 }],
    ['that was over before', { atMs: 900 }],
    ['that began once it was gone', { atMs: 2_001 }],
  ])('is none %s', (_what, change) => {
    expect(listResets({ answers: [{ ...answer, ...change }], outages: [stop] })).toEqual([]);
  });

  it('is none of an ingress that was killed', () => {
    expect(listResets({ answers: [answer], outages: [{ ...stop, how: 'kill' }] })).toEqual([]);
  });
});

describe('what had waited for Temporal', () => {
  const run = (id: string, startedAtMs: number | null, change: Partial<StoredRun> = {}): StoredRun => ({
    eventUuid: id,
    chain: 'sync-customer',
    state: 'done',
    attempt: 1,
    code: null,
    workflowId: id,
    startedAtMs,
    closedAtMs: startedAtMs === null ? null : startedAtMs + 500,
    ...change,
  });
  const figures = (runs: readonly StoredRun[], drain: Partial<Facts['drain']> = {}) =>
    toDrainFigures({
      runs,
      events: runs.map(({ eventUuid }) => ({ uuid: eventUuid, id: eventUuid, state: 'routed', code: null })),
      drain: { awayMs: 0, backMs: 1_000, eventIds: runs.map(({ eventUuid }) => eventUuid), poisoned: [], failing: [], ...drain },
    });

  it('is measured from when it was let come back', () => {
    expect(figures([run('a', 2_000), run('b', 2_100), run('c', 6_100)])).toMatchObject({
      waited: 3,
      started: 3,
      startedInMs: 5_100,
      done: 3,
      doneInMs: 5_600,
      longestGapMs: 4_000,
      mostOvertaken: 0,
    });
  });

  it('tells by how many later ones the worst was overtaken', () => {
    expect(figures([run('a', 5_000), run('b', 2_000), run('c', 2_100), run('d', 6_000)])).toMatchObject({ mostOvertaken: 2 });
  });

  it('leaves out what stood in the way and what came otherwise, and has no time of what has been started again', () => {
    const runs = [run('a', 2_000), run('poison', 90_000), run('again', 80_000, { attempt: 2 }), run('other', 70_000), run('never', null)];
    const poisoned = [{ eventId: 'poison', state: 'failed run.idTaken' }];
    expect(figures(runs, { poisoned, eventIds: ['a', 'poison', 'again', 'never'] })).toMatchObject({
      waited: 4,
      started: 2,
      startedInMs: 1_000,
      poisoned: ['failed run.idTaken'],
    });
  });

  it('is nothing of other drills', () => {
    expect(toDrainFigures({ runs: [], events: [], drain: null })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { StartResult } from '../../src/ingress/start-run.ts';
import type { ServerFacts } from '../../src/ingress/temporal-port.ts';
import { createTemporalWeather, type TemporalWeather } from '../../src/ingress/temporal-weather.ts';
import { silentLog } from '../support/silent-log.ts';

const FACTS: ServerFacts = { searchAttributes: true, retentionMs: 1 };
const STARTED: StartResult = { kind: 'started', runId: 'r' };
const LOST: StartResult = { kind: 'unreachable', detail: 'gRPC 4: too slow' };
const SHED: StartResult = { kind: 'shedding', detail: 'gRPC 8: namespace rate limit exceeded' };
const grpc = (code: number): Error => Object.assign(new Error('no'), { code, details: 'no' });

interface Sky {
  readonly weather: TemporalWeather;
  ms: number;
  /** What the next question for facts fails with. */
  failure: Error | null;
  asked: number;
  backs: number;
}

function make(): Sky {
  const sky: Omit<Sky, 'weather'> = { ms: 1_000_000, failure: null, asked: 0, backs: 0 };
  const weather = createTemporalWeather({
    temporal: {
      start: () => Promise.reject(new Error('not asked')),
      describe: () => Promise.reject(new Error('not asked')),
      async facts() {
        sky.asked += 1;
        if (sky.failure !== null) throw sky.failure;
        return FACTS;
      },
    },
    log: silentLog,
    now: () => new Date(sky.ms),
    onBack: () => void (sky.backs += 1),
  });
  return Object.assign(sky, { weather });
}

describe('Temporal that gives no answer', () => {
  it('is down, is asked by a probe alone, and is up again when that is answered', async () => {
    const sky = make();
    const { weather } = sky;
    expect(weather.notice(LOST, 0)).toBe(LOST);
    expect([weather.allowed(8), weather.allowedChecks(50), weather.downSince()]).toEqual([0, 0, new Date(1_000_000)]);
    sky.ms += 250;
    expect(weather.allowed(8)).toBe(8);
    expect(weather.allowedChecks(50)).toBe(0);
    await weather.facts();
    expect([weather.downSince(), sky.backs, weather.allowed(8), weather.allowedChecks(50)]).toEqual([null, 1, 8, 50]);
  });

  it('to one start alone, while it answers others, is not down: the start waits by itself, uncounted', () => {
    const { weather } = make();
    const before = weather.answers();
    weather.notice(STARTED, before);
    expect(weather.notice(LOST, before)).toEqual({ kind: 'later', countTry: false, delayMs: 5_000, detail: 'gRPC 4: too slow' });
    expect([weather.downSince(), weather.allowed(8)]).toEqual([null, 8]);
    expect(weather.notice(LOST, weather.answers())).toBe(LOST);
    expect(weather.downSince()).not.toBeNull();
  });

  it.each([14, 4, 16])('is told by anything that is thrown, such as code %i', (code) => {
    const { weather } = make();
    weather.noticeFailure(grpc(code));
    expect(weather.downSince()).not.toBeNull();
  });

  it('is not told by a fault of ours', () => {
    const { weather } = make();
    weather.noticeFailure(new TypeError('no'));
    expect([weather.downSince(), weather.allowed(8)]).toEqual([null, 8]);
  });
});

describe('Temporal that sheds load', () => {
  it('is not down, and is given starts as fast as it takes them, and few checks beside them', () => {
    const sky = make();
    const { weather } = sky;
    for (let start = 0; start < 30; start += 1) weather.notice(STARTED, weather.answers());
    expect(weather.notice(SHED, weather.answers())).toBe(SHED);
    expect([weather.downSince(), weather.allowed(32)]).toEqual([null, 0]);
    sky.ms += 500; // 21 a second: seven tenths of what it had taken in a second
    expect([weather.allowed(32), weather.allowedChecks(50)]).toEqual([10, 2]);
    weather.took(10);
    expect([weather.allowed(32), weather.allowed(4)]).toEqual([0, 0]);
  });

  it('counts as an answer to nobody, so that it does not hide an outage', () => {
    const { weather } = make();
    const before = weather.answers();
    weather.notice(SHED, before);
    expect(weather.notice(LOST, before)).toBe(LOST);
  });

  it('is believed to be as it was where it has no answer to what it is like', async () => {
    const sky = make();
    expect(await sky.weather.facts()).toBe(FACTS);
    sky.ms += 60_001;
    sky.failure = grpc(8);
    expect(await sky.weather.facts()).toBe(FACTS);
    expect([sky.asked, sky.weather.downSince()]).toEqual([2, null]);
    expect(await sky.weather.facts()).toBe(FACTS);
    expect(sky.asked).toBe(2);
  });

  it('of which nothing is known yet is asked again, and is not down', async () => {
    const sky = make();
    sky.failure = grpc(8);
    await expect(sky.weather.facts().catch((error: unknown) => sky.weather.noticeFailure(error))).resolves.toBeUndefined();
    expect(sky.weather.downSince()).toBeNull();
  });
});

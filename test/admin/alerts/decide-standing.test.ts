import { describe, expect, test } from 'vitest';
import { decideStanding } from '../../../src/admin/alerts/decide-standing.ts';
import { ALERT_RULES } from '../../../src/store/alerts.ts';
import type { AlertFinding, AlertRule, StandingAlert } from '../../../src/store/alerts.ts';

const MINUTE_MS = 60_000;
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 24, 10, 0) + minute * MINUTE_MS);
const failed = (count: number, target = 'new-order'): AlertFinding => ({ rule: 'run.failed', target, count, detail: null });
const stands = (since: number, seenAt: number, count = 1): StandingAlert => ({
  rule: 'run.failed',
  target: 'new-order',
  since: at(since),
  seenAt: at(seenAt),
  count,
});
const decide = (
  before: readonly StandingAlert[],
  found: readonly AlertFinding[],
  minute: number,
  looked: ReadonlySet<AlertRule> = new Set(ALERT_RULES),
) => decideStanding({ before, findings: { found, looked }, now: at(minute), clearAfterMs: 5 * MINUTE_MS });

describe('decideStanding', () => {
  test('raises what is found for the first time', () => {
    const raised = stands(0, 0, 3);
    expect(decide([], [failed(3)], 0)).toEqual({ standing: [raised], raised: [raised], over: [] });
  });

  test('keeps since when it stands, and takes the count of now', () => {
    expect(decide([stands(0, 0, 3)], [failed(7)], 60)).toEqual({ standing: [stands(0, 60, 7)], raised: [], over: [] });
  });

  test('keeps what was not found for less than five minutes, so that what comes and goes is one alert', () => {
    const quiet = decide([stands(0, 10)], [], 14).standing;
    expect(quiet).toEqual([stands(0, 10)]);
    expect(decide(quiet, [failed(1)], 14.9)).toEqual({ standing: [stands(0, 14.9)], raised: [], over: [] });
  });

  test('ends what was not found for five minutes', () => {
    expect(decide([stands(0, 10)], [], 15)).toEqual({ standing: [], raised: [], over: [stands(0, 10)] });
  });

  test('says nothing of a rule that could not be looked at', () => {
    expect(decide([stands(0, 10)], [], 60, new Set(['backlog.old']))).toEqual({ standing: [stands(0, 10)], raised: [], over: [] });
  });

  test('tells targets of one rule apart', () => {
    const { raised, standing } = decide([stands(0, 0)], [failed(1, 'order-paid')], 1);
    expect([raised.map(({ target }) => target), standing.map(({ target }) => target)]).toEqual([
      ['order-paid'],
      ['new-order', 'order-paid'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { toOutcomeSpan, type EndedRun } from '../../src/activities/to-outcome-span.ts';
import { toRunSpanId, toStartSpanId } from '../../src/contracts/tracing.ts';

const KEY = { eventUuid: '01a20c4b-9122-7c39-8f00-5b1d2e3f4a5b', chain: 'new-order', attempt: 1 };
const [received, started, ended] = [Date.UTC(2026, 10, 24, 8), Date.UTC(2026, 10, 24, 9), Date.UTC(2026, 10, 27)];
const run: EndedRun = {
  ...KEY,
  outcome: { state: 'done', code: null, detail: 'anna@example.com', result: { mail: 'anna@example.com' } },
  execution: { workflowId: 'shop.evt_1', runId: 'r-1' },
  row: { state: 'started', attempt: 1, startedAt: new Date(started) },
  receivedAt: new Date(received).toISOString(),
  endMs: ended,
};

describe('the span of a run that has ended', () => {
  it('lasts from its start, however many days, and says nothing of its result', () => {
    const span = toOutcomeSpan(run);
    expect(span).toMatchObject({
      id: toRunSpanId(KEY),
      parent: toStartSpanId(KEY),
      startMs: started,
      endMs: ended,
      fields: { workflow_id: 'shop.evt_1', run_id: 'r-1', outcome: 'done' },
    });
    expect(JSON.stringify(span)).not.toContain('anna');
  });

  it.each<[string, Partial<EndedRun>, number]>([
    ['has ended before its row was written', { row: { state: 'pending', attempt: 1, startedAt: null } }, received],
    ['has a row that cannot be read', { row: undefined }, received],
    [
      'is a repair whose row still has the start of before',
      { attempt: 2, row: { state: 'repair_requested', attempt: 2, startedAt: new Date(started) } },
      ended,
    ],
    ['is an older attempt than its row', { row: { state: 'started', attempt: 2, startedAt: new Date(ended) } }, received],
  ])('that %s begins where it can have begun', (_case, facts, startMs) => {
    expect(toOutcomeSpan({ ...run, ...facts })).toMatchObject({ startMs, endMs: ended });
  });

  it('has an id of its own where the run had ended before and was reset', () => {
    const span = toOutcomeSpan({ ...run, row: { state: 'failed', attempt: 1, startedAt: new Date(started) } });
    expect([span.id, span.parent, span.startMs]).toEqual([undefined, toStartSpanId(KEY), started]);
  });
});

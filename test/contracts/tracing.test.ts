import { describe, expect, it } from 'vitest';
import { NO_TRACER, toRootSpanId, toRunSpan, toRunSpanId, toStartSpanId } from '../../src/contracts/tracing.ts';

const EVENT = '01a20c4b-9122-7c39-8f00-5b1d2e3f4a5b';
const RUN = { eventUuid: EVENT, chain: 'new-order', attempt: 1 };

describe('ids of spans', () => {
  it('are 16 hex digits, the same in every process', () => {
    expect([toRootSpanId(EVENT), toStartSpanId(RUN), toRunSpanId(RUN)]).toEqual([
      '30c43f0fb87669c5',
      'a917f3b4f7941f28',
      '534c045a83e1b020',
    ]);
  });

  it('differ by event, chain and attempt', () => {
    const others = [RUN, { ...RUN, attempt: 2 }, { ...RUN, chain: 'order-paid' }, { ...RUN, eventUuid: EVENT.replace('01', '02') }];
    const ids = [...others.map(toRunSpanId), ...others.map(toStartSpanId), toRootSpanId(EVENT)];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the span of a run', () => {
  const times = { startMs: 1_000, endMs: 3_000.5 };
  const ids = { workflowId: 'shop.1', runId: 'r-1' };

  it('stands below the start of the same attempt, and lasts from start to end', () => {
    expect(toRunSpan({ ...RUN, ...ids, ...times, outcome: { state: 'done', code: null } })).toEqual({
      trace: EVENT,
      id: toRunSpanId(RUN),
      parent: toStartSpanId(RUN),
      name: 'run new-order',
      kind: 'consumer',
      ...times,
      fields: {
        event_uuid: EVENT,
        chain: 'new-order',
        attempt: 1,
        workflow_id: 'shop.1',
        run_id: 'r-1',
        outcome: 'done',
        code: undefined,
      },
      failure: undefined,
    });
  });

  it.each([
    ['failed', 'mail.refused', 'mail.refused'],
    ['stopped', 'run.cancelled', undefined],
  ] as const)('of a run that has %s with `%s` has failed as %s', (state, code, failure) => {
    const span = toRunSpan({ ...RUN, ...ids, ...times, outcome: { state, code } });
    expect([span.fields.code, span.failure]).toEqual([code, failure]);
  });

  it('never ends before it starts, whatever two clocks say', () => {
    expect(toRunSpan({ ...RUN, ...ids, startMs: 9_000, endMs: 8_000, outcome: { state: 'done', code: null } })).toMatchObject({
      startMs: 8_000,
      endMs: 8_000,
    });
  });
});

it('the tracer of whoever is given none takes nothing', () => {
  expect([NO_TRACER.isOn, NO_TRACER.takes(EVENT)]).toEqual([false, false]);
});

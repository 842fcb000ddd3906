import { describe, expect, it } from 'vitest';
import { toRootSpanId, toStartSpanId } from '../../src/contracts/tracing.ts';
import type { StartResult } from '../../src/ingress/start-run.ts';
import { toStartSpan } from '../../src/ingress/to-start-span.ts';
import type { ClaimedRun } from '../../src/store/runs.ts';

const EVENT = '01a20c4b-9122-7c39-8f00-5b1d2e3f4a5b';
const run: ClaimedRun = {
  event: {
    uuid: EVENT,
    source: 'shop',
    id: 'evt_1',
    type: 'order.created',
    entity: { type: 'customer', id: 'anna@example.com' },
    occurredAt: '2026-11-24T08:00:00.000Z',
    receivedAt: '2026-11-24T08:00:00.100Z',
    test: false,
    data: { email: 'anna@example.com' },
  },
  chain: 'new-order',
  workflowId: 'shop.evt_1',
  ledger: 'new-order',
  state: 'pending',
  attempt: 2,
  round: 0,
  restarts: 0,
  tries: 0,
  deliveryId: EVENT,
};
const ID = toStartSpanId({ eventUuid: EVENT, chain: 'new-order', attempt: 2 });
const spanOf = (result: StartResult, facts: Partial<ClaimedRun> = {}) =>
  toStartSpan({ run: { ...run, ...facts }, result, startMs: 1, endMs: 2 });

describe('the span of a start', () => {
  it('stands below the delivery, and has the id that the run’s own span names', () => {
    expect(spanOf({ kind: 'started', runId: 'r-1' })).toEqual({
      trace: EVENT,
      id: ID,
      parent: toRootSpanId(EVENT),
      name: 'start new-order',
      kind: 'producer',
      startMs: 1,
      endMs: 2,
      fields: {
        source: 'shop',
        event_id: 'evt_1',
        event_uuid: EVENT,
        chain: 'new-order',
        workflow_id: 'shop.evt_1',
        run_id: 'r-1',
        attempt: 2,
        outcome: 'started',
        code: undefined,
      },
      failure: undefined,
    });
  });

  it.each<[StartResult, string | undefined, string | undefined]>([
    [{ kind: 'adopted', runId: 'r-1', outcome: null }, ID, undefined],
    [{ kind: 'failed', code: 'run.idTaken', detail: 'of somebody else' }, undefined, 'run.idTaken'],
    [{ kind: 'unreachable', detail: 'connection refused' }, undefined, 'temporal.unavailable'],
    [{ kind: 'later', countTry: false, detail: 'attempt 1 is still there' }, undefined, undefined],
  ])('of the result %o has the id %s and the failure %s', (result, id, failure) => {
    const span = spanOf(result);
    expect([span.id, span.failure, span.fields.code, span.fields.outcome]).toEqual([id, failure, failure, result.kind]);
  });

  it('has an id of its own where Temporal had forgotten the run: its first start is told already', () => {
    expect(spanOf({ kind: 'started', runId: 'r-2' }, { restarts: 1 }).id).toBeUndefined();
  });

  it('says nothing of the payload, nor of what a failure says in words', () => {
    const text = JSON.stringify([spanOf({ kind: 'failed', code: 'run.startRefused', detail: 'anna@example.com' })]);
    expect(text).not.toContain('anna');
  });
});

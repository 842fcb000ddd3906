import { describe, expect, it } from 'vitest';
import { PAUSED } from '../../src/activities/patience.ts';
import { toActionSpan, type TracedAttempt } from '../../src/activities/to-action-span.ts';
import { toRunSpanId } from '../../src/contracts/tracing.ts';
import { callOf } from '../support/ledger-calls.ts';

const call = callOf({ action: 'email.send', attempt: 2, key: '=anna@example.com' });
const attempt: TracedAttempt = {
  call,
  run: { chain: 'new-order', runId: 'r-1', workflowId: 'shop.evt_1' },
  info: { attempt: 3, heartbeatDetails: undefined },
  outcome: 'done',
  endMs: 5_000,
  durationMs: 1_500,
};

describe('the span of an action', () => {
  it('stands below the run’s attempt, and tells which try of which call it was', () => {
    expect(toActionSpan(attempt)).toMatchObject({
      trace: call.eventUuid,
      parent: toRunSpanId({ eventUuid: call.eventUuid, chain: 'new-order', attempt: 2 }),
      name: 'email.send',
      startMs: 3_500,
      endMs: 5_000,
      fields: { action: 'email.send', agent: 'email', chain: 'new-order', attempt: 2, step_attempt: 3, outcome: 'done' },
    });
  });

  it('has a personal key as a hash only', () => {
    expect(toActionSpan(attempt)?.fields.effect_key).toMatch(/^x-[a-z2-7]{52}$/);
    expect(JSON.stringify(toActionSpan(attempt))).not.toContain('anna');
  });

  it.each([
    ['done', undefined, undefined, undefined],
    ['repeated', undefined, undefined, undefined],
    ['dry', undefined, undefined, true],
    ['paused', 'action.paused', undefined, undefined],
    ['failed', 'mail.refused', 'mail.refused', undefined],
  ] as const)('that is %s with %s has failed with %s', (outcome, code, failure, dry) => {
    const span = toActionSpan({ ...attempt, outcome, code });
    expect([span?.fields.outcome, span?.fields.code, span?.failure, span?.fields.dry]).toEqual([outcome, code, failure, dry]);
  });

  it('is told once a pause, however often the action asks', () => {
    const again = { ...attempt, info: { attempt: 4, heartbeatDetails: PAUSED } };
    expect(toActionSpan({ ...again, outcome: 'paused', code: 'action.paused' })).toBeUndefined();
    expect(toActionSpan({ ...again, outcome: 'done' })).toMatchObject({ fields: { outcome: 'done' } });
  });
});

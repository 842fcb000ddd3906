import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { isTaskFailing, toTaskFailure } from '../../src/ingress/task-failure.ts';

const { WorkflowTaskFailedCause: Cause } = proto.temporal.api.enums.v1;
type Events = Parameters<typeof toTaskFailure>[1];
const eventTime = { seconds: 1_800_000_000 as never, nanos: 500_000_000 }; // 64 bits on the wire
const task = { attempt: 5 };
const failed = (cause: number, failure: { readonly message: string; readonly stackTrace?: string }): Events => [
  { workflowExecutionSignaledEventAttributes: {} },
  { eventTime, workflowTaskFailedEventAttributes: { cause, failure } },
  { workflowTaskStartedEventAttributes: {} },
];

describe('a workflow task', () => {
  it.each([
    [undefined, false],
    [null, false],
    [{ attempt: 1 }, false],
    [{ attempt: 2 }, false],
    [{ attempt: 3 }, true],
  ])('of %j fails again and again: %s', (pending, expected) => {
    expect(isTaskFailing(pending)).toBe(expected);
  });

  it('has the time and the class of its first failure, and nothing that was thrown', () => {
    const failure = {
      message: 'canary@customer.example',
      stackTrace: 'bundle.js:6627\n  throw this.error;\n\nTypeError: canary@customer.example\n    at run (chain.ts:1:1)',
    };
    expect(toTaskFailure(task, failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE, failure))).toEqual({
      attempt: 5,
      detail: 'WORKFLOW_WORKER_UNHANDLED_FAILURE: TypeError',
      since: new Date(1_800_000_000_500),
    });
  });

  it('quotes no stack that begins otherwise', () => {
    const failure = { message: '', stackTrace: 'canary@customer.example: no' };
    expect(toTaskFailure(task, failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_UNSPECIFIED, failure)).detail).toBe('UNSPECIFIED');
  });

  it.each([
    [
      '[TMPRL1100] Nondeterminism error: Activity machine does not handle this event',
      Cause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
    ],
    ['chain.unknown: got `from-the-future`', Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE],
  ])('says what our own words and those of the SDK say: %s', (message, cause) => {
    expect(toTaskFailure(task, failed(cause, { message })).detail).toMatch(
      new RegExp(`^[A-Z_]+: ${message.slice(0, 6).replace('[', '\\[')}`),
    );
  });

  it('of which a worker has died is told by its timeout', () => {
    expect(toTaskFailure(task, [{ eventTime, workflowTaskTimedOutEventAttributes: {} }]).detail).toContain('timed out');
  });

  it('is told without a cause where its history has none any more', () => {
    expect(toTaskFailure(task, [])).toEqual({ attempt: 5, detail: 'the workflow task failed', since: null });
  });
});

import type { Connection } from '@temporalio/client';
import proto, { type temporal } from '@temporalio/proto';
import type { PendingStep, PendingSteps, ReadPendingSteps } from '../admin/why/pending-steps.ts';
import { isTaskFailing, TASK_FAILURE_EVENTS, toTaskFailure } from '../ingress/task-failure.ts';
import { withDeadline } from './temporal-client.ts';

type Time = { readonly seconds?: unknown; readonly nanos?: number | null };
type Failure = temporal.api.failure.v1.IFailure;
type Event = temporal.api.history.v1.IHistoryEvent;

const DEADLINE_MS = 2_000;
/** A paused step on our own tables leaves its failure and its timer at the end of the history, a task that fails its first failure. */
const NEWEST_EVENTS = TASK_FAILURE_EVENTS;
const { PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED } = proto.temporal.api.enums.v1.PendingActivityState;
const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED: TASK_SCHEDULED } = proto.temporal.api.enums.v1.PendingWorkflowTaskState;

/** Makes the question what a run waits for: one call to Temporal, or two where no effect is under way; each within 2 s. */
export function createReadPendingSteps({
  connection,
  namespace,
  now,
}: {
  readonly connection: Connection;
  readonly namespace: string;
  readonly now: () => Date;
}): ReadPendingSteps {
  const { workflowService } = connection;
  return async (execution) => {
    try {
      const { pendingActivities, pendingWorkflowTask } = await withDeadline(connection, DEADLINE_MS, () =>
        workflowService.describeWorkflowExecution({ namespace, execution }),
      );
      const isFailing = isTaskFailing(pendingWorkflowTask);
      const task = pendingWorkflowTask?.state === TASK_SCHEDULED ? toTime(pendingWorkflowTask.originalScheduledTime) : null;
      if (pendingActivities.length > 0 && !isFailing) return ofActivities(pendingActivities, { task, now: now() });
      const { history } = await withDeadline(connection, DEADLINE_MS, () =>
        workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize: NEWEST_EVENTS }),
      );
      const events = history?.events ?? [];
      if (isFailing) return { steps: [], workerAwaitedSince: null, taskFailure: toTaskFailure(pendingWorkflowTask, events) };
      return { steps: pausedSteps(events), workerAwaitedSince: task };
    } catch {
      return null; // its absence is no answer of ours: `/readyz` and `doctor` tell it
    }
  };
}

function ofActivities(
  activities: readonly temporal.api.workflow.v1.IPendingActivityInfo[],
  { task, now }: { readonly task: Date | null; readonly now: Date },
): PendingSteps {
  let workerAwaitedSince = task;
  const steps = activities.map(({ activityType, state, scheduledTime, lastFailure }): PendingStep => {
    const due = state === SCHEDULED ? toTime(scheduledTime) : null;
    const isDue = due !== null && due <= now;
    if (isDue && (workerAwaitedSince === null || due < workerAwaitedSince)) workerAwaitedSince = due;
    return { action: activityType?.name ?? null, last: toLast(lastFailure), nextTryAt: isDue ? null : due };
  });
  return { steps, workerAwaitedSince };
}

/** Steps on our own tables that an operator has paused: each has left its failure, and a timer that has not fired, in one task. */
function pausedSteps(newestFirst: readonly Event[]): readonly PendingStep[] {
  const fired = new Set(newestFirst.map(({ timerFiredEventAttributes: timer }) => toText(timer?.startedEventId)));
  const waits = new Map<string, Date | null>();
  for (const event of newestFirst) {
    const task = toText(event.timerStartedEventAttributes?.workflowTaskCompletedEventId);
    if (task !== '' && !fired.has(toText(event.eventId))) waits.set(task, toFiring(event));
  }
  return newestFirst.flatMap(({ markerRecordedEventAttributes: marker }): PendingStep[] => {
    const task = toText(marker?.workflowTaskCompletedEventId);
    const last = toLast(marker?.failure);
    if (last?.code !== 'action.paused' || !waits.has(task)) return [];
    return [{ action: toAction(marker?.details?.['data']?.payloads?.[0]?.data), last, nextTryAt: waits.get(task) ?? null }];
  });
}

function toFiring({ eventTime, timerStartedEventAttributes: timer }: Event): Date | null {
  const [from, wait] = [toTime(eventTime), toTime(timer?.startToFireTimeout)];
  return from === null || wait === null ? null : new Date(from.getTime() + wait.getTime());
}

function toLast(failure: Failure | null | undefined): PendingStep['last'] {
  if (failure === null || failure === undefined) return null;
  const { message, applicationFailureInfo: ours, cause } = failure;
  if (cause && !ours) return toLast(cause); // a timeout around what was last thrown
  return { code: ours?.type ?? null, message: message ?? '' };
}

/** From what the SDK writes down of a local activity, in its own words; null where they are others. */
function toAction(data: Uint8Array | null | undefined): string | null {
  const text = data === null || data === undefined ? '' : new TextDecoder().decode(data);
  return /"activity_type":"([\w.-]+)"/.exec(text)?.[1] ?? null;
}

/** A time, or a span since 1970. */
function toTime(time: Time | null | undefined): Date | null {
  return time === null || time === undefined ? null : new Date(Number(time.seconds ?? 0) * 1_000 + (time.nanos ?? 0) / 1_000_000);
}

/** Of ids, which come as 64 bits. */
function toText(id: { toString(): string } | null | undefined): string {
  return id?.toString() ?? '';
}

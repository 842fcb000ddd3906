import proto, { type temporal } from '@temporalio/proto';
import { isErrorCode } from '../contracts/errors.ts';

/** Why Temporal cannot carry a run on. */
export interface TaskFailure {
  /** The attempt of the workflow task that is under way or due: one more than have failed in a row. */
  readonly attempt: number;
  /** What the first of them has failed with, in Temporal's words and ours: never what a chain itself has thrown, which may quote a payload. */
  readonly detail: string;
  /** When the first of them has failed; null where the history does not tell. */
  readonly since: Date | null;
}

type PendingTask = Pick<temporal.api.workflow.v1.IPendingWorkflowTaskInfo, 'attempt'>;
type Event = temporal.api.history.v1.IHistoryEvent;

/** A task that fails once or twice is weather (a worker was killed, or replaced in the middle of it). */
const WEATHER_FAILURES = 2;
/** Of a task that fails again and again the first failure alone is in the history, at its end but for signals that have come since. */
export const TASK_FAILURE_EVENTS = 20;

/** Whether a run's workflow task, as `describe` shows it, has failed more often in a row than weather explains. */
export function isTaskFailing(task: PendingTask | null | undefined): task is PendingTask {
  return attemptOf(task) > WEATHER_FAILURES;
}

/** What is known of a task that keeps failing, by the newest `TASK_FAILURE_EVENTS` events of its history, newest first. */
export function toTaskFailure(task: PendingTask, newestFirst: readonly Event[]): TaskFailure {
  const attempt = attemptOf(task);
  for (const { eventTime, workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: timedOut } of newestFirst) {
    const since = toDate(eventTime);
    if (timedOut) return { attempt, detail: 'the workflow task timed out: its worker is blocked, or has died of it', since };
    if (failed) return { attempt, detail: toDetail(failed), since };
  }
  return { attempt, detail: 'the workflow task failed', since: null };
}

const CAUSES = proto.temporal.api.enums.v1.WorkflowTaskFailedCause;
const PREFIX = 'WORKFLOW_TASK_FAILED_CAUSE_';
/** How Temporal's SDK begins what it says itself, such as `[TMPRL1100] Nondeterminism error: …`. */
const SAID_BY_SDK = /^\[TMPRL\d+\] /;
/** The class of what was thrown, in the first line of its stack that has one: the SDK's begin with a piece of code. */
const CLASS = /^(\w{0,80}(?:Error|Failure|Exception)): /m;

function toDetail({ cause, failure }: temporal.api.history.v1.IWorkflowTaskFailedEventAttributes): string {
  const name = CAUSES[cause ?? CAUSES.WORKFLOW_TASK_FAILED_CAUSE_UNSPECIFIED].replace(PREFIX, '');
  const [, thrown = ''] = CLASS.exec(failure?.stackTrace ?? '') ?? [];
  const message = failure?.message ?? '';
  if (SAID_BY_SDK.test(message)) return `${name}: ${message.slice(0, 500)}`;
  // errors of our own table say nothing of payloads, and their messages begin with their code
  const [code = ''] = message.split(':', 1);
  if (isErrorCode(code)) return `${name}: ${message.slice(0, 500)}`;
  return thrown === '' ? name : `${name}: ${thrown}`;
}

/** Counts come as numbers, or as 64 bits. */
function attemptOf(task: PendingTask | null | undefined): number {
  return Number(task?.attempt ?? 0);
}

function toDate(time: Event['eventTime']): Date | null {
  return time === null || time === undefined ? null : new Date(Number(time.seconds ?? 0) * 1_000 + (time.nanos ?? 0) / 1_000_000);
}

import { defaultPayloadConverter, toPayloads, type Payload } from '@temporalio/common';
import proto, { type temporal } from '@temporalio/proto';
import type { Connection } from '@temporalio/client';
import { toPublicId } from '../contracts/ids.ts';
import { MEMO, SEARCH_ATTRIBUTES, TASK_QUEUE } from '../contracts/names.ts';
import type { RunInput, RunOutcome } from '../contracts/run.ts';
import { isErrorCode } from '../contracts/errors.ts';
import { startEagerly, type EagerConnection } from './start-eagerly.ts';
import { isNotFound } from './start-error.ts';
import { isTaskFailing, TASK_FAILURE_EVENTS, toTaskFailure, type TaskFailure } from './task-failure.ts';

/** A start, whole: the same `requestId` can never make two runs. */
export interface StartRequest {
  readonly workflowId: string;
  readonly chain: string;
  readonly input: RunInput;
  readonly requestId: string;
  readonly reuse: 'first' | 'afterFailure' | 'always';
  readonly summary: string;
  readonly details: string;
}

/** The newest run of a workflow id, as Temporal has it. */
export interface RunView {
  readonly runId: string;
  /** From the memo; undefined where somebody else has started it. */
  readonly eventUuid: string | undefined;
  readonly attempt: number | undefined;
  /** Null while it is running. */
  readonly outcome: RunOutcome | null;
  /** Of a running one that Temporal cannot carry on. @default it goes on */
  readonly taskFailure?: TaskFailure | undefined;
}

/** What of the server matters to starts. */
export interface ServerFacts {
  readonly searchAttributes: boolean;
  readonly retentionMs: number;
}

/** The little of Temporal that the starter needs; every call ends within its deadline. */
export interface TemporalPort {
  /** Starts a run and returns Temporal's id of it; rejects with the gRPC error, see `classifyStartError`. */
  start(request: StartRequest): Promise<string>;
  /** The newest run of a workflow id; undefined where Temporal has none. */
  describe(workflowId: string): Promise<RunView | undefined>;
  facts(): Promise<ServerFacts>;
}

const DEADLINE_MS = 2_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const Reuse = proto.temporal.api.enums.v1.WorkflowIdReusePolicy;
const Status = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

const REUSE = {
  first: Reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
  afterFailure: Reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
  always: Reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
} as const;

/** Talks to Temporal by raw service calls, since the client's `start()` picks a fresh request id each time. */
export function createTemporalPort({
  connection,
  namespace,
  identity,
  eager = () => undefined,
}: {
  readonly connection: Connection;
  readonly namespace: string;
  readonly identity: string;
  /** Asked before each start for what a worker of this process polls by. @default there is none */
  readonly eager?: (() => EagerConnection | undefined) | undefined;
}): TemporalPort {
  const { workflowService } = connection;
  const soon = <Result>(call: () => Promise<Result>): Promise<Result> => connection.withDeadline(Date.now() + DEADLINE_MS, call);

  return {
    async start({ workflowId, chain, input, requestId, reuse, summary, details }) {
      const request = {
        namespace,
        identity,
        requestId,
        workflowId,
        workflowType: { name: chain },
        taskQueue: { name: TASK_QUEUE },
        input: { payloads: toPayloads(defaultPayloadConverter, input) ?? [] },
        workflowIdReusePolicy: REUSE[reuse],
        memo: { fields: toFields({ [MEMO.event]: input.event.uuid, [MEMO.attempt]: input.attempt }) },
        userMetadata: { summary: toPayload(summary), details: toPayload(details) },
        ...(input.searchAttributes ? { searchAttributes: { indexedFields: toFields(searchAttributesOf(chain, input)) } } : {}),
      };
      const through = eager();
      const eagerly = through === undefined ? undefined : await startEagerly(through, request, DEADLINE_MS);
      const { runId } = eagerly ?? (await soon(() => workflowService.startWorkflowExecution(request)));
      return runId;
    },

    async describe(workflowId) {
      try {
        const { workflowExecutionInfo: info, pendingWorkflowTask: task } = await soon(() =>
          workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } }),
        );
        const runId = info?.execution?.runId;
        if (info === undefined || info === null || runId === undefined || runId === null) return undefined;
        const execution = { workflowId, runId };
        const memo = info.memo?.fields ?? {};
        const [eventUuid, attempt] = [fromPayload(memo[MEMO.event]), fromPayload(memo[MEMO.attempt])];
        return {
          runId,
          eventUuid: typeof eventUuid === 'string' ? eventUuid : undefined,
          attempt: typeof attempt === 'number' ? attempt : undefined,
          ...(isOpen(info.status)
            ? { outcome: null, taskFailure: await taskFailureOf(execution, task) }
            : { outcome: await outcomeOf(execution) }),
        };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async facts() {
      const { config } = await soon(() => workflowService.describeNamespace({ namespace }));
      const seconds = config?.workflowExecutionRetentionTtl?.seconds;
      const known = await soon(() => connection.operatorService.listSearchAttributes({ namespace })).catch(() => undefined); // not every credential may list them
      const attributes = known?.customAttributes ?? {};
      return {
        searchAttributes: Object.values(SEARCH_ATTRIBUTES).every((name) => Object.hasOwn(attributes, name)),
        retentionMs: seconds === undefined || seconds === null ? DAY_MS : Number(seconds) * 1000,
      };
    },
  };

  async function outcomeOf(execution: Execution): Promise<RunOutcome> {
    const [last = {}] = await newestEvents(execution, 1);
    return toOutcome(last);
  }

  async function taskFailureOf(
    execution: Execution,
    task: temporal.api.workflow.v1.IPendingWorkflowTaskInfo | null | undefined,
  ): Promise<TaskFailure | undefined> {
    return isTaskFailing(task) ? toTaskFailure(task, await newestEvents(execution, TASK_FAILURE_EVENTS)) : undefined;
  }

  async function newestEvents(execution: Execution, maximumPageSize: number): Promise<readonly temporal.api.history.v1.IHistoryEvent[]> {
    const { history } = await soon(() => workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize }));
    return history?.events ?? [];
  }
}

interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

function isOpen(status: temporal.api.enums.v1.WorkflowExecutionStatus | null | undefined): boolean {
  return (
    status === Status.WORKFLOW_EXECUTION_STATUS_RUNNING ||
    status === Status.WORKFLOW_EXECUTION_STATUS_PAUSED ||
    status === Status.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW
  );
}

/** A run's outcome from the last event of its history. */
function toOutcome(last: temporal.api.history.v1.IHistoryEvent): RunOutcome {
  const none = { detail: 'read from Temporal', result: null } as const;
  const completed = last.workflowExecutionCompletedEventAttributes;
  if (completed) return { state: 'done', code: null, detail: null, result: toJson(fromPayload(completed.result?.payloads?.[0])) };
  if (last.workflowExecutionCanceledEventAttributes) return { ...none, state: 'stopped', code: 'run.cancelled' };
  if (last.workflowExecutionTerminatedEventAttributes) return { ...none, state: 'stopped', code: 'run.terminated' };
  if (last.workflowExecutionTimedOutEventAttributes) return { ...none, state: 'failed', code: 'run.timedOut' };
  const failure = last.workflowExecutionFailedEventAttributes?.failure;
  const type = failure?.applicationFailureInfo?.type ?? '';
  return { state: 'failed', code: isErrorCode(type) ? type : 'chain.bug', detail: failure?.message ?? null, result: null };
}

function searchAttributesOf(chain: string, { event }: RunInput): Readonly<Record<string, string>> {
  return {
    [SEARCH_ATTRIBUTES.source]: event.source,
    [SEARCH_ATTRIBUTES.event]: event.type,
    [SEARCH_ATTRIBUTES.chain]: chain,
    ...(event.entity === null ? {} : { [SEARCH_ATTRIBUTES.entity]: `${event.entity.type} ${toPublicId(event.entity.id)}` }),
  };
}

function toPayload(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

function fromPayload(payload: Payload | null | undefined): unknown {
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

function toFields(values: Readonly<Record<string, string | number>>): Record<string, Payload> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toPayload(value)]));
}

function toJson(value: unknown): RunOutcome['result'] {
  return (value ?? null) as RunOutcome['result']; // a payload of encoding json/plain
}

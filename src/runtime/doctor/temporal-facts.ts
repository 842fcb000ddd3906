import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { TASK_QUEUE } from '../../contracts/names.ts';
import { withDeadline } from '../temporal-client.ts';

/** What of a Temporal server matters to runs. */
export interface TemporalFacts {
  /** `1.32.0`; empty where the server keeps it to itself. */
  readonly version: string;
  readonly retentionMs: number;
  /** Custom search attributes by name, and whether each is a Keyword; null where they may not be listed. */
  readonly searchAttributes: ReadonlyMap<string, boolean> | null;
  /** When each poller of our queue was seen last; of chains and of actions. */
  readonly pollers: { readonly workflow: readonly Date[]; readonly activity: readonly Date[] };
}

/** Codes of gRPC: PERMISSION_DENIED, and UNIMPLEMENTED where a service keeps operators' calls to itself. */
const FORBIDDEN: readonly number[] = [7, 12];
const DEADLINE_MS = 5_000;
const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** Asks Temporal for its facts, within 5 s a call; rejects with the gRPC error of the first call that fails for good. */
export async function readTemporalFacts(connection: Connection, namespace: string): Promise<TemporalFacts> {
  const { workflowService, operatorService } = connection;
  const soon = <Result>(call: () => Promise<Result>): Promise<Result> => withDeadline(connection, DEADLINE_MS, call);
  const pollersOf = async (taskQueueType: proto.temporal.api.enums.v1.TaskQueueType): Promise<readonly Date[]> => {
    const taskQueue = { name: TASK_QUEUE };
    const { pollers } = await soon(() => workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType }));
    return (pollers ?? []).map(({ lastAccessTime }) => new Date(tsToMs(lastAccessTime ?? null)));
  };
  const { serverVersion } = await soon(() => workflowService.getSystemInfo({}));
  const { config } = await soon(() => workflowService.describeNamespace({ namespace }));
  const listed = await soon(() => operatorService.listSearchAttributes({ namespace })).catch(nullWhereForbidden);
  return {
    version: serverVersion ?? '',
    retentionMs: tsToMs(config?.workflowExecutionRetentionTtl ?? null),
    searchAttributes:
      listed === null
        ? null
        : new Map(Object.entries(listed.customAttributes ?? {}).map(([name, type]) => [name, type === INDEXED_VALUE_TYPE_KEYWORD])),
    pollers: { workflow: await pollersOf(TASK_QUEUE_TYPE_WORKFLOW), activity: await pollersOf(TASK_QUEUE_TYPE_ACTIVITY) },
  };
}

/** Not every credential may list search attributes. */
function nullWhereForbidden(error: unknown): null {
  if (isGrpcServiceError(error) && FORBIDDEN.includes(error.code)) return null;
  throw error;
}

import { createTemporalClient } from '../../src/runtime/temporal-client.ts';

/** What one run costs Temporal. */
export interface HistoryCost {
  readonly events: number;
  /** As Temporal Cloud bills them: docs.temporal.io/cloud/actions. */
  readonly actions: number;
}

type Connection = ReturnType<typeof createTemporalClient>['connection'];

/** Reads the history of a run that has ended; undefined where there is none yet. */
export async function readHistory(address: string): Promise<HistoryCost | undefined> {
  const { connection, namespace, close } = createTemporalClient({ address });
  try {
    const query = "ExecutionStatus = 'Completed'";
    const { executions } = await connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1 });
    const execution = executions[0]?.execution;
    if (execution === undefined || execution === null) return undefined;
    const { history } = await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution });
    return toCost(history?.events ?? []);
  } finally {
    await close();
  }
}

type Events = NonNullable<
  NonNullable<Awaited<ReturnType<Connection['workflowService']['getWorkflowExecutionHistory']>>['history']>['events']
>;

/** Local activities are billed once for each workflow task that has some. */
function toCost(events: Events): HistoryCost {
  const billed = events.filter(
    (event) =>
      event.workflowExecutionStartedEventAttributes ??
      event.activityTaskScheduledEventAttributes ??
      event.timerStartedEventAttributes ??
      event.upsertWorkflowSearchAttributesEventAttributes,
  );
  const withLocal = new Set(
    events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker?.markerName === 'core_local_activity' ? [String(marker.workflowTaskCompletedEventId)] : [],
    ),
  );
  return { events: events.length, actions: billed.length + withLocal.size };
}

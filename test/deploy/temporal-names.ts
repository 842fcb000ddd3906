const OF_QUEUE = ['namespace', 'task_queue'];
const OF_CHAIN = [...OF_QUEUE, 'workflow_type'];

/**
 * What alerts and dashboard may ask of Temporal's SDK: names, each with its labels, that a real worker shows
 * (test/runtime/temporal-metrics.live.test.ts says whether it still does). A histogram stands here without `_bucket`.
 */
export const TEMPORAL_NAMES: Readonly<Record<string, readonly string[]>> = {
  temporal_activity_execution_latency_seconds: [...OF_CHAIN, 'activity_type'],
  temporal_activity_schedule_to_start_latency_seconds: OF_QUEUE,
  temporal_local_activity_execution_latency_seconds: [...OF_CHAIN, 'activity_type'],
  temporal_long_request_failure_total: [...OF_QUEUE, 'operation', 'status_code'],
  temporal_long_request_total: [...OF_QUEUE, 'operation'],
  temporal_num_pollers: [...OF_QUEUE, 'poller_type'],
  temporal_request_latency_seconds: ['namespace', 'operation'],
  temporal_request_total: ['namespace', 'operation'],
  temporal_sticky_cache_hit_total: OF_CHAIN,
  temporal_sticky_cache_size: OF_QUEUE,
  temporal_worker_task_slots_available: [...OF_QUEUE, 'worker_type'],
  temporal_worker_task_slots_used: [...OF_QUEUE, 'worker_type'],
  temporal_workflow_completed_total: OF_CHAIN,
  temporal_workflow_endtoend_latency_seconds: OF_CHAIN,
  temporal_workflow_task_execution_failed_total: [...OF_CHAIN, 'failure_reason'],
  temporal_workflow_task_execution_latency_seconds: OF_CHAIN,
  temporal_workflow_task_schedule_to_start_latency_seconds: OF_QUEUE,
};

import type { Logger } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';

/** The SDK's own lines as lines of our log: constant text, and of its metadata only what our fields have room for. */
export function toWorkerLogger(log: Log): Logger {
  const line =
    (level: keyof Log) =>
    (message: string, meta?: Record<string | symbol, unknown>): void =>
      log[level](toFields(meta), message.split('\n', 1)[0] ?? '');
  return {
    trace: () => undefined,
    debug: line('debug'),
    info: line('debug'),
    warn: line('warn'),
    error: line('error'),
    log: (level, message, meta) => {
      if (level === 'TRACE') return;
      line(level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'debug')(message, meta);
    },
  };
}

function toFields(meta: Record<string | symbol, unknown> = {}): Parameters<Log['info']>[0] {
  const text = (name: string): string | undefined => (typeof meta[name] === 'string' ? meta[name] : undefined);
  return {
    component: 'temporal',
    chain: text('workflowType'),
    workflow_id: text('workflowId'),
    run_id: text('runId'),
    action: text('activityType'),
    err: meta['error'],
  };
}

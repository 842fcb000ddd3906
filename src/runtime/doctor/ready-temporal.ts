import { isGrpcServiceError } from '@temporalio/client';
import { withDeadline, type TemporalClient } from '../temporal-client.ts';
import { ensureNamespace, registerNamespace } from '../temporal-namespace.ts';
import { probeStart } from './probe-start.ts';

const NOT_FOUND = 5;
const DEADLINE_MS = 5_000;
const START_TIMEOUT_MS = 60_000;

/** Makes the namespace where it is missing, gives it retention and search attributes, and waits until a start works. May be called again. */
export async function readyTemporal({
  temporal: { connection, namespace },
  retentionDays,
}: {
  readonly temporal: TemporalClient;
  readonly retentionDays: number;
}): Promise<{ readonly made: boolean }> {
  const exists = await hasNamespace(connection, namespace);
  await (exists ? ensureNamespace : registerNamespace)({ connection, namespace, retentionDays });
  await probeStart({ connection, namespace, timeoutMs: START_TIMEOUT_MS });
  return { made: !exists };
}

async function hasNamespace(connection: TemporalClient['connection'], namespace: string): Promise<boolean> {
  try {
    await withDeadline(connection, DEADLINE_MS, () => connection.workflowService.describeNamespace({ namespace }));
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) return false;
    throw error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';

import { SEARCH_ATTRIBUTES } from '../contracts/names.ts';

const ALREADY_EXISTS = 6;
const DAY_MS = 24 * 60 * 60 * 1000;
const READY_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** A namespace as a run of ours needs it. */
export interface NamespaceOptions {
  readonly connection: Connection;
  readonly namespace: string;
  /** The least time that the server remembers closed runs. */
  readonly retentionDays: number;
}

/**
 * Gives an existing namespace what is missing: a retention of at least the given days (a longer one stays), and our search
 * attributes. A server adds attributes from its flags only when its database is made, so this repeats it at each start.
 */
export async function ensureNamespace(options: NamespaceOptions): Promise<void> {
  await ensureRetention(options);
  await ensureSearchAttributes(options);
}

/** Makes a namespace with the given retention and our search attributes, and returns when runs can be started in it. One that exists is completed. */
export async function registerNamespace(options: NamespaceOptions): Promise<void> {
  const { connection, namespace, retentionDays } = options;
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(retentionDays * DAY_MS) });
  } catch (error) {
    if (!(isGrpcServiceError(error) && error.code === ALREADY_EXISTS)) throw error;
  }
  await ensureNamespace(options);
}

async function ensureRetention({ connection, namespace, retentionDays }: NamespaceOptions): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (tsToMs(config?.workflowExecutionRetentionTtl ?? null) >= retentionDays * DAY_MS) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retentionDays * DAY_MS) },
  });
}

async function ensureSearchAttributes({ connection, namespace }: NamespaceOptions): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      const missing = await missingAttributes(connection, namespace);
      if (missing.length === 0) return;
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      });
    } catch (error) {
      // a namespace that was made this moment is not known to every part of the server at once
      if (waitedMs >= READY_TIMEOUT_MS || !isGrpcServiceError(error)) throw error;
    }
    await sleep(POLL_MS);
  }
}

async function missingAttributes(connection: Connection, namespace: string): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(SEARCH_ATTRIBUTES).filter((name) => customAttributes?.[name] !== KEYWORD);
}

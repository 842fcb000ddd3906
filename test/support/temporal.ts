import { randomBytes } from 'node:crypto';

import { inject } from 'vitest';

import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { registerNamespace } from '../../src/runtime/temporal-namespace.ts';

/** Makes a namespace of the caller's own on the live tests' server, or on another: retention 7 days, our search attributes. Close it after use. */
export async function createNamespace(address: string = inject('temporalAddress')): Promise<TemporalClient> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const temporal = createTemporalClient({ address, namespace });
  try {
    await registerNamespace({ connection: temporal.connection, namespace, retentionDays: 7 });
    return temporal;
  } catch (error) {
    await temporal.close();
    throw error;
  }
}

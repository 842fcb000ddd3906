import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOkAt } from '../../scripts/topology/program.ts';
import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const BINARY = join(import.meta.dirname, `../node_modules/@restatedev/restate-server-${PLATFORM}/bin/restate-server`);
const SERVICE = join(import.meta.dirname, '../servers/restate-service.ts');

/** Restate, one node as it comes: its log is synced before it answers. */
export default {
  name: 'restate',
  means: 'Fastify sends one-way to Restate, one node with its defaults',
  ack: 'on disk',
  versions: () => [peerVersion('@restatedev/restate-server'), peerVersion('@restatedev/restate-sdk')],
  async start(world) {
    const [ingress, admin, node, service] = [
      await world.freePort(),
      await world.freePort(),
      await world.freePort(),
      await world.freePort(),
    ];
    const adminUrl = `http://127.0.0.1:${admin}`;
    await world.run({
      name: 'restate-service',
      command: process.execPath,
      args: [SERVICE],
      env: { PORT: String(service) },
      ready: service,
    });
    await world.run({
      name: 'restate-server',
      part: 'stores',
      command: BINARY,
      args: ['--node-name', 'bench', '--base-dir', join(world.folder, 'restate')],
      env: {
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
        RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
        RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      },
      ready: () => isOkAt(`${adminUrl}/health`),
    });
    await post(`${adminUrl}/deployments`, { uri: `http://127.0.0.1:${service}` });
    for (let ready = false; !ready; await sleep(50)) ready = await isOkAt(`http://127.0.0.1:${ingress}/restate/health`);
    return {
      url: await world.serve('restate', { RESTATE_URL: `http://127.0.0.1:${ingress}` }),
      async stored() {
        const { rows } = await post(`${adminUrl}/query`, { query: 'SELECT count(*) AS number FROM sys_invocation' });
        return Number(rows?.[0]?.number);
      },
    };
  },
} satisfies System;

async function post(url: string, body: object): Promise<{ readonly rows?: readonly { readonly number: number }[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`restate answers ${response.status} at ${url}: ${await response.text()}`);
  return (await response.json()) as { readonly rows?: readonly { readonly number: number }[] }; // of the query; others have no rows
}

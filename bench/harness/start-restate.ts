import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOkAt } from '../../scripts/topology/program.ts';
import type { RunningSystem } from './system.ts';
import type { World } from './world.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const BINARY = join(import.meta.dirname, `../node_modules/@restatedev/restate-server-${PLATFORM}/bin/restate-server`);

/** Options of `startRestate`. */
export interface RestateOptions {
  /** The server of ours that Restate calls, and its variables. */
  readonly service: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of each send: `?delay=1h`. @default none */
  readonly query?: string;
}

/** Starts one node with its defaults, a service that it calls, and a server that sends each webhook one-way. */
export async function startRestate(world: World, { service, env = {}, query = '' }: RestateOptions): Promise<RunningSystem> {
  const [ingress, admin, node] = [await world.freePort(), await world.freePort(), await world.freePort()];
  const adminUrl = `http://127.0.0.1:${admin}`;
  const uri = await world.program(service, env);
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
  await post(`${adminUrl}/deployments`, { uri });
  for (let ready = false; !ready; await sleep(50)) ready = await isOkAt(`http://127.0.0.1:${ingress}/restate/health`);
  return {
    url: await world.serve('restate', { RESTATE_URL: `http://127.0.0.1:${ingress}`, RESTATE_QUERY: query }),
    async stored() {
      const { rows } = await post(`${adminUrl}/query`, { query: 'SELECT count(*) AS number FROM sys_invocation' });
      return Number(rows?.[0]?.number);
    },
  };
}

async function post(url: string, body: object): Promise<{ readonly rows?: readonly { readonly number: number }[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`restate answers ${response.status} at ${url}: ${await response.text()}`);
  return (await response.json()) as { readonly rows?: readonly { readonly number: number }[] }; // of the query; others have no rows
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOkAt } from '../../scripts/topology/program.ts';
import type { ChainWork } from './chain-system.ts';
import { copyHookline } from './copy-hookline.ts';
import type { Database } from './databases.ts';
import type { RunningSystem } from './system.ts';
import type { World } from './world.ts';

/** Options of `startHookline`. */
export interface HooklineOptions {
  /** Where Temporal is, or would be. */
  readonly temporalAddress: string;
  /** Of Node, before the program. @default none */
  readonly nodeArgs?: readonly string[];
  /** `ingress` alone; ingress and worker `apart`, so that runs are carried out; or all of it in one process, by `up`. @default ingress */
  readonly processes?: 'ingress' | 'apart' | 'up';
  /** What becomes of a push. @default the example counts it */
  readonly work?: ChainWork;
}

/** A Hookline that runs, and how many of its runs are open. */
export interface RunningHookline extends RunningSystem {
  readonly database: Database;
  /** Neither done nor failed nor stopped. */
  open(): Promise<number>;
  failed(): Promise<number>;
}

/** Starts `hookline ingress` of this checkout as in production, with its defaults, on an empty database; pushes are routed to a chain. */
export async function startHookline(
  world: World,
  { temporalAddress, nodeArgs = [], processes = 'ingress', work }: HooklineOptions,
): Promise<RunningHookline> {
  const database = await world.database();
  const { url, number, size } = database;
  const root = await copyHookline(world.folder, work?.shape ?? 'count-push');
  const env = { DATABASE_URL: url, GITHUB_SECRET: world.secret, WAREHOUSE_SECRET: toStandardSecret(world.secret) };
  const startProcess = async (name: 'ingress' | 'worker' | 'up', port: number): Promise<void> => {
    const admin = await world.freePort();
    const config = join(world.folder, `${name}.yaml`);
    await writeFile(config, toSettings({ port, admin, temporalAddress, vendorUrl: work?.vendorUrl ?? 'http://127.0.0.1:9' }), {
      mode: 0o600,
    });
    await world.run({
      name: `hookline-${name}`,
      command: process.execPath,
      args: [...nodeArgs, join(root, 'src/cli/hookline.ts'), '--config', config, name],
      env,
      ready: name === 'ingress' ? port : () => isOkAt(`http://127.0.0.1:${admin}/readyz`),
    });
  };
  const port = await world.freePort();
  await startProcess(processes === 'up' ? 'up' : 'ingress', port);
  if (processes === 'apart') await startProcess('worker', port);
  return {
    database,
    url: `http://127.0.0.1:${port}/webhooks/github`,
    stored: () =>
      number(
        "SELECT count(*) AS number FROM deliveries d JOIN events e ON e.delivery_id = d.id JOIN runs r ON r.event_uuid = e.uuid WHERE d.outcome = 'accepted'",
      ),
    size,
    open: () => number("SELECT count(*) AS number FROM runs WHERE state NOT IN ('done', 'failed', 'stopped')"),
    failed: () => number("SELECT count(*) AS number FROM runs WHERE state IN ('failed', 'stopped')"),
  };
}

function toStandardSecret(secret: string): string {
  return `whsec_${Buffer.from(secret, 'hex').toString('base64')}`;
}

/** What production wants beside sources is named, though nothing is mailed. */
function toSettings({
  port,
  admin,
  temporalAddress,
  vendorUrl,
}: {
  readonly port: number;
  readonly admin: number;
  readonly temporalAddress: string;
  readonly vendorUrl: string;
}): string {
  return `sources:
  github: { provider: github, secrets: ['\${GITHUB_SECRET}'] }
ingress: { port: ${port} }
admin: { port: ${admin} }
temporal: { address: '${temporalAddress}', namespace: default }
mail: { smtp: 'smtp://127.0.0.1:9', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: '${vendorUrl}', secret: '\${WAREHOUSE_SECRET}' }
http: { allow: ['127.0.0.1'] }
`;
}

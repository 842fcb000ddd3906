import { join } from 'node:path';
import type { Log } from '../../src/contracts/names.ts';
import { createParts, type Parts } from '../../src/runtime/parts.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { setStock } from '../../src/store/stock.ts';
import { PROCESSES, startFleet, type DrillFleet } from './drill-fleet.ts';
import { createDrillSecrets, type DrillSecrets } from './drill-settings.ts';
import { findFaketime } from './faults/find-faketime.ts';
import { mountSmallDisk, type SmallDisk } from './faults/small-disk.ts';
import { createWrongClock, type WrongClock } from './faults/wrong-clock.ts';
import { SKU } from './make-events.ts';
import { directNetwork, LINES, type DrillNetwork } from './net/network.ts';
import { startNetwork } from './net/start-network.ts';
import { createRandom } from '../../src/cli/drill/create-random.ts';
import type { Random } from './random.ts';
import { startBreakablePostgres, startBreakableTemporal, type BreakableServer, type BreakableTemporal } from './start-servers.ts';
import { startVendors, type FakeVendor, type Vendors } from './vendors.ts';

/** Everything that a drill breaks, on 127.0.0.1. */
export interface DrillStack {
  readonly postgres: BreakableServer;
  readonly temporal: BreakableTemporal;
  readonly vendors: Vendors;
  /** Between our processes and all of these. */
  readonly network: DrillNetwork;
  readonly fleet: DrillFleet;
  readonly secrets: DrillSecrets;
  /** The drill's own connections to PostgreSQL, past the network. */
  readonly pool: Pool;
  /** The disk that PostgreSQL's folder is on. */
  disk(): SmallDisk;
  /** A clock for a process, wrong by this much. */
  wrongClock(name: string, offsetS: number): Promise<WrongClock>;
  /** Starts whatever does not run, lets go on what was paused, mends lines, and gives the vendors their good mood back. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** What is not on every machine, and is looked for before anything is started. */
export type StackNeed = 'network' | 'clocks' | 'disk';

/** What of a drill's plan the stack must know. */
export interface StackPlan {
  readonly name: string;
  /** @default nothing */
  readonly needs?: readonly StackNeed[];
}

/** Options of `startStack`. */
export interface StackOptions {
  readonly plan: StackPlan;
  readonly folder: string;
  /** The checkout whose sources are run. */
  readonly root: string;
  readonly random: Random;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Pieces on hand at the start: more than any drill orders. */
export const INITIAL_STOCK = 1_000_000;

/** Who ends last has the lowest level. */
const LEVELS = { disk: 0, servers: 1, network: 2, pool: 2, fleet: 3 } as const;

/**
 * Starts PostgreSQL, Temporal, the vendors, and two ingresses and two workers; a start that fails leaves nothing running. Throws
 * `CannotDrill`, before anything is started, where this machine has not what the plan needs.
 */
export async function startStack(options: StackOptions): Promise<DrillStack> {
  const { plan, folder, root, random, log, onProgress, signal } = options;
  const needs = new Set(plan.needs);
  const faketime = needs.has('clocks') ? await findFaketime(process.env) : undefined;
  const parts = createParts(() => {});
  try {
    const disk = needs.has('disk') ? await parts.add(LEVELS.disk, mountSmallDisk(join(folder, 'postgres'))) : undefined;
    onProgress('starting PostgreSQL, Temporal and the vendors');
    const [postgres, temporal, vendors] = await Promise.all([
      parts.add(LEVELS.servers, startBreakablePostgres({ folder, log })),
      parts.add(LEVELS.servers, startBreakableTemporal({ folder, log, onProgress })),
      parts.add(LEVELS.servers, startVendors({ folder, random })),
    ]);
    const { network, urls, databaseUrl } = await connect(parts, {
      postgres,
      temporal,
      vendors,
      random: needs.has('network') ? random : undefined,
    });
    const pool = createPool({ url: postgres.url, max: 4, applicationName: 'hookline-drill', log });
    await parts.add(LEVELS.pool, Promise.resolve(pool));
    await migrate({ pool, log });
    await setStock(pool, [{ sku: SKU, available: INITIAL_STOCK }]);
    onProgress('starting two ingresses and two workers');
    const secrets = createDrillSecrets({ urls });
    const fleet = await parts.add(
      LEVELS.fleet,
      startFleet({ folder, root, databaseUrl, temporalAddress: network.addressOf('temporal'), urls, secrets, signal }),
    );
    return {
      postgres,
      temporal,
      vendors,
      network,
      fleet,
      secrets,
      pool,
      disk: () => demand(disk, 'disk'),
      wrongClock: (name, offsetS) => createWrongClock({ library: demand(faketime, 'clocks'), folder, name, offsetS }),
      async heal() {
        vendors.heal();
        temporal.resume();
        await disk?.free();
        for (const line of LINES) network.mend(line);
        await Promise.all(PROCESSES.map((name) => fleet.resume(name)));
        await Promise.all([postgres.start(), temporal.start()]);
        await Promise.all(PROCESSES.map((name) => fleet.start(name)));
      },
      close: parts.close,
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** Puts a network between that can be broken, where there is chance for it, and says where our processes find everything behind it. */
async function connect(
  parts: Parts,
  {
    postgres,
    temporal,
    vendors,
    random,
  }: Pick<DrillStack, 'temporal' | 'vendors'> & { readonly postgres: { readonly url: string }; readonly random: Random | undefined },
): Promise<{ readonly network: DrillNetwork; readonly urls: Vendors['urls']; readonly databaseUrl: string }> {
  const { mail, warehouse, crm, team } = vendors.urls;
  const addresses = {
    temporal: temporal.address,
    postgres: new URL(postgres.url).host,
    mail: new URL(mail).host,
    warehouse: new URL(warehouse).host,
    crm: new URL(crm).host,
    team: new URL(team).host,
  };
  const network =
    random === undefined
      ? directNetwork(addresses)
      : await parts.add(LEVELS.network, startNetwork({ addresses, random: createRandom(random() * 2 ** 32) }));
  const at = (line: FakeVendor | 'postgres', url: string): string => url.replace(addresses[line], network.addressOf(line));
  return {
    network,
    urls: { mail: at('mail', mail), warehouse: at('warehouse', warehouse), crm: at('crm', crm), team: at('team', team) },
    databaseUrl: at('postgres', postgres.url),
  };
}

function demand<Part>(part: Part | undefined, need: StackNeed): Part {
  if (part === undefined) throw new Error(`a drill that wants this says \`${need}\` in its \`needs\``);
  return part;
}

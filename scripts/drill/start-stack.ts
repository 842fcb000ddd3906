import type { Log } from '../../src/contracts/names.ts';
import { createParts } from '../../src/runtime/parts.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { setStock } from '../../src/store/stock.ts';
import { PROCESSES, startFleet, type DrillFleet } from './drill-fleet.ts';
import { createDrillSecrets, type DrillSecrets } from './drill-settings.ts';
import { SKU } from './make-events.ts';
import type { Random } from './random.ts';
import { startBreakablePostgres, startBreakableTemporal, type BreakableServer } from './start-servers.ts';
import { startVendors, type Vendors } from './vendors.ts';

/** Everything that a drill breaks, on 127.0.0.1. */
export interface DrillStack {
  readonly postgres: BreakableServer;
  readonly temporal: BreakableServer;
  readonly vendors: Vendors;
  readonly fleet: DrillFleet;
  readonly secrets: DrillSecrets;
  /** The drill's own connections to PostgreSQL. */
  readonly pool: Pool;
  /** Starts whatever does not run, and gives the vendors their good mood back. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Options of `startStack`. */
export interface StackOptions {
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

/** Starts PostgreSQL, Temporal, the vendors, and two ingresses and two workers; a start that fails leaves nothing running. */
export async function startStack({ folder, root, random, log, onProgress, signal }: StackOptions): Promise<DrillStack> {
  const parts = createParts(() => {});
  try {
    onProgress('starting PostgreSQL, Temporal and the vendors');
    const [postgres, temporal, vendors] = await Promise.all([
      parts.add(0, startBreakablePostgres({ folder, log })),
      parts.add(0, startBreakableTemporal({ folder, log, onProgress })),
      parts.add(0, startVendors({ folder, random })),
    ]);
    const pool = createPool({ url: postgres.url, max: 4, applicationName: 'hookline-drill', log });
    await parts.add(1, Promise.resolve(pool));
    await migrate({ pool, log });
    await setStock(pool, [{ sku: SKU, available: INITIAL_STOCK }]);
    onProgress('starting two ingresses and two workers');
    const secrets = createDrillSecrets(vendors);
    const fleet = await parts.add(
      2,
      startFleet({ folder, root, databaseUrl: postgres.url, temporalAddress: temporal.address, urls: vendors.urls, secrets, signal }),
    );
    return {
      postgres,
      temporal,
      vendors,
      fleet,
      secrets,
      pool,
      async heal() {
        vendors.heal();
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

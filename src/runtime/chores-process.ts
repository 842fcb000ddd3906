import { startRetention } from '../admin/retention/start-retention.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { createPool } from '../store/pool.ts';
import { startAlerts } from './alerts-process.ts';

/** What the chores are done with. */
export interface ChoresOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** The mail server, where the settings name none. */
  readonly smtpUrl?: string | undefined;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
  readonly newUuid: () => string;
}

/** The chores of this process. */
export interface RunningChores {
  /** Ends after what is under way. */
  close(): Promise<void>;
}

const CONNECTIONS = 1;

/** Does what one process of all should do at a time: another takes over when this one is gone. PostgreSQL need not be there. */
export function startChores({ settings, databaseUrl, smtpUrl, log, meter, now, newUuid }: ChoresOptions): RunningChores {
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, applicationName: 'hookline-chores', log });
  const retention = startRetention({ pool, settings, log, meter, owner: newUuid(), monotonicMs: () => performance.now() });
  const alerts = startAlerts({ settings, databaseUrl, smtpUrl, log, meter, now, newUuid });
  return {
    async close() {
      await Promise.all([retention.close(), alerts.close()]);
      await pool.close();
    },
  };
}

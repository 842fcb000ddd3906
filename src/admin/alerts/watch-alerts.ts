import type { Meter } from '../../contracts/metrics.ts';
import { ALERT_RULES } from '../../store/alerts.ts';
import { dropChore } from '../../store/chores.ts';
import { listAlerts } from '../../store/list-alerts.ts';
import type { AlertRow } from '../../store/list-alerts.ts';
import { lookOnce } from './look-once.ts';
import type { LookOptions } from './look-once.ts';

/** The looking for what needs a person, in this process. */
export interface AlertWatch {
  /** Ends the look that is under way, gives the chore to whoever wants it, and resolves when nothing is under way. */
  close(): Promise<void>;
}

/** Options of `watchAlerts`. */
export interface AlertWatchOptions extends Omit<LookOptions, 'failures' | 'signal'> {
  readonly meter: Meter;
  /** Told after each look: whether it was this process that has looked; for whoever waits for one. */
  readonly onLook?: ((leads: boolean) => void) | undefined;
}

/**
 * Looks at once, and again so long after each look. Never throws: what fails is logged, and tried again by the next look. All that could
 * look show on the meter what stands; none of it while PostgreSQL cannot be read.
 */
export function watchAlerts({ meter, onLook, ...options }: AlertWatchOptions): AlertWatch {
  const { pool, log, chore, limits } = options;
  const stop = new AbortController();
  const failures = new Map<string, string>();
  let standing: readonly AlertRow[] | null = null;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;

  meter.watch('hookline_alerts', () =>
    standing === null ? [] : ALERT_RULES.map((rule) => ({ labels: { rule }, value: countOf(standing ?? [], rule) })),
  );

  const look = async (): Promise<void> => {
    let leads = false;
    try {
      leads = await lookOnce({ ...options, failures, signal: stop.signal });
      standing = await listAlerts(pool);
      failing = false;
    } catch (err) {
      standing = null;
      if (!failing) log.warn({ component: 'alerts', err }, 'it cannot be looked for what needs a person');
      failing = true;
    }
    onLook?.(leads);
    if (!stop.signal.aborted) timer = setTimeout(again, limits.everyMs).unref();
  };
  const again = (): void => {
    looking = look();
  };
  let looking = look();

  return {
    async close() {
      stop.abort();
      clearTimeout(timer);
      await looking;
      await dropChore(pool, chore).catch(() => undefined); // its lease ends by itself
    },
  };
}

function countOf(standing: readonly AlertRow[], rule: string): number {
  return standing.filter((alert) => alert.rule === rule).length;
}

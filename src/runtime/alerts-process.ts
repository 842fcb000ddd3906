import type { AlertSink } from '../admin/alerts/alert-sink.ts';
import { createMailSink } from '../admin/alerts/mail-sink.ts';
import { createPostSink } from '../admin/alerts/post-sink.ts';
import { watchAlerts } from '../admin/alerts/watch-alerts.ts';
import { createOutboundHttp } from '../activities/outbound-http.ts';
import type { OutboundHttp } from '../activities/outbound-http.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { createPool } from '../store/pool.ts';

/** What the alerts of a process are made of. */
export interface AlertsOptions {
  readonly settings: Pick<Settings, 'alerts' | 'mail' | 'http' | 'sources'>;
  readonly databaseUrl: string;
  /** The mail server where the settings name none: the built-in catcher. */
  readonly smtpUrl?: string | undefined;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
  readonly newUuid: () => string;
  /** How long nothing must be found until an alert is over. @default 5 minutes */
  readonly clearAfterMs?: number | undefined;
  /** After how long another process takes over from one that is gone. @default 45 s beyond `alerts.everyMs` */
  readonly leaseMs?: number | undefined;
  /** Told after each look: whether it was this process that has looked. */
  readonly onLook?: ((leads: boolean) => void) | undefined;
}

/** Alerts that are looked for and told. */
export interface RunningAlerts {
  /** Ends within seconds; a message that is on its way is given up or sent again by the next process. */
  close(): Promise<void>;
}

/** One for the look, one for what the sinks were told; the look waits for nobody. */
const CONNECTIONS = 2;
const HOUR_MS = 60 * 60 * 1000;
/** A look takes seconds; with sinks and statements that hang, less than this. */
const LEASE_MARGIN_MS = 45_000;

/**
 * Looks every `alerts.everyMs` for what needs a person, in one process of all that are asked to, and tells `alerts.mailTo` and
 * `alerts.url`; without either the alerts stand in PostgreSQL alone. The database must be migrated; it need not be there all the time.
 */
export function startAlerts({ settings, databaseUrl, smtpUrl, log, meter, now, newUuid, onLook, ...times }: AlertsOptions): RunningAlerts {
  const { everyMs, remindHours, backlogSeconds, slowSeconds, refusalsPerMinute } = settings.alerts;
  const http = createPostHttp(settings, now);
  const sinks = [...toMailSinks(settings, smtpUrl), ...toPostSinks(settings, { http, now })];
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, applicationName: 'hookline-alerts', log });
  const sources = Object.entries(settings.sources).flatMap(([name, { silentAfterHours }]) =>
    silentAfterHours === undefined ? [] : [{ name, silentAfterHours }],
  );
  const watch = watchAlerts({
    pool,
    sinks,
    limits: { everyMs, backlogSeconds, slowSeconds, refusalsPerMinute, sources },
    remindAfterMs: remindHours * HOUR_MS,
    clearAfterMs: times.clearAfterMs ?? 5 * 60_000,
    chore: { name: 'alerts', owner: newUuid(), leaseMs: times.leaseMs ?? everyMs + LEASE_MARGIN_MS },
    newUuid,
    meter,
    log,
    onLook,
  });
  return {
    async close() {
      await watch.close();
      await Promise.all([pool.close(), http.close()]);
    },
  };
}

function createPostHttp({ alerts: { url }, http: { allow } }: AlertsOptions['settings'], now: () => Date): OutboundHttp {
  return createOutboundHttp({ allow: [...allow, ...(url === undefined ? [] : [new URL(url).origin])], now });
}

function toMailSinks({ alerts, mail }: AlertsOptions['settings'], builtIn: string | undefined): readonly AlertSink[] {
  const { mailTo = [] } = alerts;
  const smtpUrl = mail.smtp ?? builtIn;
  if (mailTo.length > 0 && smtpUrl === undefined)
    throw new HooklineError('bug.unexpected', { expected: 'a mail server for `alerts.mailTo`' });
  const { from, messageIdDomain } = mail;
  return smtpUrl === undefined ? [] : [...new Set(mailTo)].map((to) => createMailSink({ to, smtpUrl, from, messageIdDomain }));
}

function toPostSinks(
  { alerts: { url, secret } }: AlertsOptions['settings'],
  { http, now }: { readonly http: OutboundHttp; readonly now: () => Date },
): readonly AlertSink[] {
  return url === undefined ? [] : [createPostSink({ url, secret, http, now })];
}

import { ActionPaused } from '../activities/action-paused.ts';
import type { CrmAdapter } from '../activities/crm-adapter.ts';
import { createHttpCrm } from '../activities/crm-http.ts';
import { createTableCrm } from '../activities/crm-table.ts';
import type { AgentDependencies } from '../activities/dependencies.ts';
import { createDryHttp } from '../activities/dry-http.ts';
import { createMailTemplates } from '../activities/mail-templates.ts';
import { createDryMailer, createMailer, type Mailer } from '../activities/mailer.ts';
import { createOutboundHttp, type OutboundHttp } from '../activities/outbound-http.ts';
import { readSegmentRules } from '../activities/segment-rules.ts';
import { createTeamNotices } from '../activities/team-notice.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Settings } from '../contracts/settings.ts';
import { readRevision } from '../store/customers.ts';
import type { Pool, Queryable } from '../store/pool.ts';
import { createRehearsal } from '../store/rehearse.ts';
import { findAdapterStop } from '../store/stops.ts';

/** Where the outside is: given by the settings, or by the servers of this machine. */
export interface OutsideWorld {
  readonly smtpUrl: string;
  readonly warehouse: { readonly url: string; readonly secret: string };
  /** Origins that outbound calls may reach although they are private, beside those of the settings. */
  readonly allow: readonly string[];
}

/** What the agents of one worker work with. */
export interface WorkerDependencies {
  readonly live: AgentDependencies;
  /** For test traffic: the same checks and answers, and nothing that connects or stays. */
  readonly dry: AgentDependencies;
  close(): Promise<void>;
}

/** What they are made of. */
export interface WorkerDependenciesOptions {
  readonly settings: Settings;
  readonly outside: OutsideWorld;
  readonly pool: Pool;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Makes every adapter twice, live and dry. */
export function createWorkerDependencies(options: WorkerDependenciesOptions): WorkerDependencies {
  const { settings, outside, pool, meter, now } = options;
  const allow = [...settings.http.allow, ...outside.allow];
  const sender = { from: settings.mail.from, messageIdDomain: settings.mail.messageIdDomain, render: createMailTemplates(), meter };
  const http = createOutboundHttp({ allow, now });
  const onConnecting = async (): Promise<void> => {
    const stop = await findAdapterStop(pool, 'mail');
    if (stop !== undefined) throw new ActionPaused(stop);
  };
  return {
    live: toDependencies({ ...options, http, db: pool, mailer: createMailer({ smtpUrl: outside.smtpUrl, onConnecting, ...sender }) }),
    dry: toDependencies({ ...options, http: createDryHttp({ allow }), db: createRehearsal(pool), mailer: createDryMailer(sender) }),
    close: () => http.close(),
  };
}

interface Ways extends WorkerDependenciesOptions {
  readonly http: OutboundHttp;
  readonly db: Queryable;
  readonly mailer: Mailer;
}

function toDependencies({ settings, outside, http, db, mailer, now }: Ways): AgentDependencies {
  return {
    mailer,
    http,
    warehouse: outside.warehouse,
    teamNotices: createTeamNotices({ url: settings.support.teamUrl, secret: settings.support.teamSecret, http, db, now }),
    segmentRules: settings.marketing.segments ?? readSegmentRules(),
    crm: toCrm({ crm: settings.crm, db, http, now }),
    now,
  };
}

function toCrm({ crm: { url, bearer, secret }, db, http, now }: Pick<Settings, 'crm'> & Pick<Ways, 'db' | 'http' | 'now'>): CrmAdapter {
  if (url === undefined) return createTableCrm({ db });
  return createHttpCrm({ url, bearer, secret, http, now, newestRevision: (customerId) => readRevision(db, customerId) });
}

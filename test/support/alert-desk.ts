import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import PostalMime from 'postal-mime';
import { createMeter, type ReadableMeter } from '../../src/admin/meter.ts';
import type { Log, LogFields } from '../../src/contracts/names.ts';
import type { Settings } from '../../src/contracts/settings.ts';
import { startAlerts, type AlertsOptions, type RunningAlerts } from '../../src/runtime/alerts-process.ts';
import { exampleSettings } from '../contracts/example-settings.ts';
import { forgetAlerts } from './alert-rows.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { startScriptedSmtp, type ScriptedSmtp } from './scripted-smtp.ts';

/** Whom alerts are mailed to, unless told otherwise. */
export const OPERATOR = 'ops@shop.example';

/** One process that looks every 50 ms. */
export interface AlertProcess {
  readonly meter: ReadableMeter;
  /** Resolves after the next look, to whether it was this process that has looked. */
  readonly nextLook: () => Promise<boolean>;
  /** Resolves once something is so after a look. */
  readonly until: (isSo: () => boolean | Promise<boolean>) => Promise<void>;
  /** Resolves after so many looks more. */
  readonly looks: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a test may want otherwise. */
export type AlertWish = Partial<Settings['alerts']> &
  Pick<AlertsOptions, 'leaseMs' | 'clearAfterMs'> & { readonly silentAfterHours?: number };

/** A database, a mail server, a receiver of posts, and the processes that tell them. */
export interface AlertDesk {
  readonly database: TestDatabase;
  /** Takes mails until its script is changed. */
  readonly smtp: ScriptedSmtp;
  /** Where alerts can be posted. */
  readonly url: string;
  /** What is answered to posts; change it. */
  status: number;
  readonly posted: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  readonly lines: readonly { readonly level: keyof Log; readonly message: string; readonly fields: LogFields; readonly error: string }[];
  /** Starts a process that mails the operator; an alert is over when it was not found for 150 ms. */
  start(wish?: AlertWish): AlertProcess;
  /** Of the mails so far. */
  subjects(): Promise<readonly string[]>;
  sql(text: string): Promise<void>;
  /** Ends the processes, and forgets everything: for the next test. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a desk of the caller's own. */
export async function openAlertDesk(): Promise<AlertDesk> {
  const database = await createDatabase();
  let smtp = await startScriptedSmtp();
  const posted: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const lines: AlertDesk['lines'][number][] = [];
  const running = new Set<RunningAlerts>();
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(desk.status).end('ok');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const keep =
    (level: keyof Log) =>
    (fields: LogFields, message: string): void =>
      void lines.push({ level, message, fields, error: String(fields.err) });
  const log: Log = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };

  const desk: AlertDesk = {
    database,
    get smtp() {
      return smtp;
    },
    url: `http://127.0.0.1:${port}/services/T0/canary-of-the-url`,
    status: 200,
    posted,
    lines,
    start({ leaseMs, clearAfterMs = 150, silentAfterHours, ...wish } = {}) {
      const waiting: ((leads: boolean) => void)[] = [];
      const meter = createMeter('up');
      const shop = { ...exampleSettings.sources['shop'], silentAfterHours } as Settings['sources'][string]; // the example has a shop
      const alerts = startAlerts({
        settings: {
          alerts: { ...ALERTS, ...wish },
          mail: { from: 'Hookline <alerts@shop.example>', smtp: smtp.url, messageIdDomain: 'shop.example' },
          http: { allow: [] },
          sources: { shop },
        },
        databaseUrl: database.url,
        log,
        meter,
        now: () => new Date(),
        newUuid: randomUUID,
        clearAfterMs,
        leaseMs,
        onLook(leads) {
          for (const tell of waiting.splice(0)) tell(leads);
        },
      });
      running.add(alerts);
      const nextLook = (): Promise<boolean> => new Promise((resolve) => waiting.push(resolve));
      return {
        meter,
        nextLook,
        async until(isSo) {
          while (!(await isSo())) await nextLook();
        },
        async looks(count) {
          for (let look = 0; look < count; look++) await nextLook();
        },
        async close() {
          running.delete(alerts);
          await alerts.close();
        },
      };
    },
    subjects: async () => (await Promise.all(smtp.received.map((mail) => PostalMime.parse(mail)))).map(({ subject = '' }) => subject),
    sql: (text) => database.pool.session((session) => session.run(text)),
    async clean() {
      await Promise.all([...running].map((one) => one.close()));
      running.clear();
      await forgetAlerts(database.pool);
      await smtp.close();
      smtp = await startScriptedSmtp();
      desk.status = 200;
      posted.length = 0;
      lines.length = 0;
    },
    async close() {
      await smtp.close();
      receiver.closeAllConnections();
      receiver.close();
      await database.close();
    },
  };
  return desk;
}

const ALERTS: Settings['alerts'] = {
  ...exampleSettings.alerts,
  everyMs: 50,
  remindHours: 24,
  backlogSeconds: 1,
  refusalsPerMinute: 6,
  mailTo: [OPERATOR],
};

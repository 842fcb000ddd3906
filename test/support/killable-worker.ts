import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { startFaultProxy, through, type FaultProxy, type TrapPoint } from './fault-proxy.ts';
import type { HooklineProcess } from './hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from './scripted-smtp.ts';
import { startSystem, type System } from './system.ts';

/** A system with one worker at a time, behind proxies to PostgreSQL and to the mail server, that can be killed at a point of its work. */
export interface KillableWorker {
  readonly system: () => System;
  readonly smtp: () => ScriptedSmtp;
  readonly database: () => FaultProxy;
  readonly mailWay: () => FaultProxy;
  readonly ingress: () => HooklineProcess;
  /** The one that is started after a kill goes on with what the dead one has left. */
  startWorker(): Promise<void>;
  /** Kills the worker when the text passes by, once. */
  killAt(proxy: FaultProxy, text: string, point: TrapPoint): Promise<void>;
  mailsTo(id: string): number;
  /** Resolves once the run of the event is as expected. */
  closesAs(id: string, expected: object): Promise<void>;
}

/** Starts everything before the tests of a file, and ends it after them. */
export function useKillableWorker(): KillableWorker {
  let system: System;
  let smtp: ScriptedSmtp;
  let database: FaultProxy;
  let mailWay: FaultProxy;
  let ingress: HooklineProcess;
  let worker: HooklineProcess;
  const startWorker = async (): Promise<void> => {
    worker = await system.startWorker({ databaseUrl: through(system.database.url, database), smtpUrl: through(smtp.url, mailWay) });
  };

  beforeAll(async () => {
    smtp = await startScriptedSmtp();
    system = await startSystem();
    database = await startFaultProxy(Number(new URL(system.database.url).port));
    mailWay = await startFaultProxy(smtp.port);
    ingress = await system.startIngress();
    await startWorker();
  });
  beforeEach(() => {
    smtp.script.atRecipient = '250 ok';
  });
  afterAll(async () => {
    await system.close();
    await Promise.all([smtp.close(), database.close(), mailWay.close()]);
  });

  return {
    system: () => system,
    smtp: () => smtp,
    database: () => database,
    mailWay: () => mailWay,
    ingress: () => ingress,
    startWorker,
    killAt: (proxy, text, point) => {
      const { pid } = worker;
      return proxy.arm({ text, point, act: () => process.kill(pid, 'SIGKILL') });
    },
    mailsTo: (id) => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length,
    closesAs: (id, expected) =>
      expect
        .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id), { timeout: 50_000, interval: 100 })
        .toMatchObject(expected),
  };
}

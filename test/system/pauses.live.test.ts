import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let smtp: ScriptedSmtp;
let system: System;
let ingress: HooklineProcess;
let temporal: TemporalClient;
const standing = new Set<Switch>();

/** Writes down when each statement began that has let a mail go. */
const MARKS = `
CREATE TABLE test_marks (event_uuid uuid, at timestamptz);
CREATE FUNCTION test_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO test_marks VALUES (NEW.event_uuid, statement_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER test_mark AFTER UPDATE ON effects FOR EACH ROW WHEN (NEW.state = 'sending' AND NEW.action LIKE 'email.%') EXECUTE FUNCTION test_mark();`;

beforeAll(async () => {
  smtp = await startScriptedSmtp({ thinkMs: 50 });
  system = await startSystem();
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
  await system.database.pool.session((session) => session.run(MARKS));
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
afterEach(async () => {
  for (const one of standing) await resume(one);
});
afterAll(async () => {
  await system.close();
  await Promise.all([smtp.close(), temporal.close()]);
});

/** Resolves to PostgreSQL's time after the commit: what begins later has seen it. */
const pause = async (one: Switch): Promise<Date> => {
  standing.add(one);
  await setSwitch(system.database.pool, one, { by: 'test', reason: null });
  const { rows } = await system.database.pool.query<{ now: Date }>({ name: 'test.now', text: 'SELECT clock_timestamp() AS now' });
  return rows[0]?.now ?? new Date(0);
};
const resume = async (one: Switch): Promise<void> => {
  standing.delete(one);
  await clearSwitch(system.database.pool, one);
};
const marksSince = async (time: Date): Promise<number> =>
  (await system.database.pool.query({ name: 'test.marksSince', text: 'SELECT FROM test_marks WHERE at > $1', values: [time] })).rowCount ??
  0;
const WHERE = {
  reserved: `x.action = 'inventory.reserve' AND x.state = 'done'`,
  sending: `x.state = 'sending'`,
  mailed: `x.action LIKE 'email.%' AND x.state = 'done' AND x.sends = 1`,
} as const;
const count = async (what: keyof typeof WHERE, ids: readonly string[]): Promise<number> =>
  (
    await system.database.pool.query<{ count: number }>({
      name: `test.count.${what}`,
      text: `SELECT count(*)::int AS count FROM effects x JOIN events e ON e.uuid = x.event_uuid WHERE e.event_id = ANY ($1) AND ${WHERE[what]}`,
      values: [ids],
    })
  ).rows[0]?.count ?? 0;
const mailsTo = (id: string): number => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length;
const statesOf = async (ids: readonly string[]): Promise<readonly string[]> => {
  const runs = await system.runs();
  return [...new Set(ids.map((id) => runs.find(({ event_id }) => event_id === id)?.state ?? 'none'))].sort();
};
const allDone = (ids: readonly string[]) => expect.poll(() => statesOf(ids), { timeout: 40_000, interval: 100 }).toEqual(['done']);
/** What the Temporal UI shows of an action that waits. */
const pendingOf = async (id: string) => (await temporal.client.workflow.getHandle(`erp.${id}`).describe()).raw.pendingActivities?.[0];
const waitingFor = async (id: string): Promise<string | undefined> => (await pendingOf(id))?.lastFailure?.message ?? undefined;
const postMany = async (many: number): Promise<readonly string[]> => {
  const ids = Array.from({ length: many }, () => randomUUID());
  for (const id of ids) await system.post(ingress, orderOf(id));
  return ids;
};

describe('under flowing orders', () => {
  it.each<[string, Switch]>([
    ['pause agent email', { verb: 'pause', kind: 'agent', name: 'email' }],
    ['pause adapter mail', { verb: 'pause', kind: 'adapter', name: 'mail' }],
  ])(
    '`%s` stops all mail at once, fails nothing, and loses and repeats none',
    async (name, one) => {
      const before = smtp.received.length;
      const early = await postMany(25);
      await expect.poll(() => smtp.received.length, { interval: 10 }).toBeGreaterThan(before + 2);
      const paused = await pause(one);
      const ids = [...early, ...(await postMany(10))];

      await expect.poll(() => count('reserved', ids), { timeout: 30_000 }).toBe(35);
      await expect.poll(() => count('sending', ids)).toBe(0); // those that were sending have ended
      const stopped = ids.at(-1) ?? '';
      await expect.poll(() => waitingFor(stopped), { timeout: 20_000 }).toBe(`action.paused: in \`${name}\``);
      const during = smtp.received.length;
      expect(await marksSince(paused)).toBe(0);
      expect(during - before).toBeLessThan(35);
      expect(await statesOf(ids.slice(25))).toEqual(['started']);

      const [connections, attempt] = [smtp.connections(), (await pendingOf(stopped))?.attempt ?? 0];
      await expect.poll(async () => (await pendingOf(stopped))?.attempt, { timeout: 20_000 }).toBeGreaterThan(attempt + 1);
      expect(smtp.connections()).toBe(connections); // whoever asks again does not even reach for the server

      await resume(one);
      await allDone(ids);
      expect(ids.map(mailsTo)).toEqual(ids.map(() => 1));
      expect(await count('mailed', ids)).toBe(35);
    },
    90_000,
  );
});

describe('a paused agent of our own tables', () => {
  it('has its runs wait without an effect, and go on within seconds of the resume', async () => {
    const one: Switch = { verb: 'pause', kind: 'agent', name: 'inventory' };
    const stock = await system.stockOf('MUG');
    await pause(one);
    const [id = ''] = await postMany(1);
    const handle = temporal.client.workflow.getHandle(`erp.${id}`);
    const timers = async (): Promise<number> =>
      (await handle.fetchHistory()).events?.filter(({ timerStartedEventAttributes: timer }) => timer).length ?? 0;
    await expect
      .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id)?.state, { timeout: 20_000 })
      .toBe('started');
    await expect.poll(timers, { timeout: 20_000 }).toBeGreaterThan(1);
    expect([await system.stockOf('MUG'), await system.effects(id), mailsTo(id)]).toEqual([stock, [], 0]);
    await resume(one);
    await allDone([id]);
    expect([await system.stockOf('MUG'), mailsTo(id)]).toEqual([stock - 2, 1]);
  });

  it('has an undo wait too, which then gives back what is owed', async () => {
    const one: Switch = { verb: 'pause', kind: 'agent', name: 'inventory' };
    const stock = await system.stockOf('MUG');
    await pause({ verb: 'pause', kind: 'agent', name: 'email' });
    const [id = ''] = await postMany(1);
    await expect.poll(() => waitingFor(id), { timeout: 20_000 }).toContain('action.paused');
    await pause(one);
    await temporal.client.workflow.getHandle(`erp.${id}`).cancel();
    const handle = temporal.client.workflow.getHandle(`erp.${id}`);
    const waits = async (): Promise<number> =>
      (await handle.fetchHistory()).events?.filter(({ timerStartedEventAttributes: timer }) => timer).length ?? 0;
    await expect.poll(waits, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await system.stockOf('MUG')).toBe(stock - 2);
    await resume(one);
    const code = async (): Promise<unknown> => (await system.runs()).find(({ event_id }) => event_id === id)?.code;
    await expect.poll(code, { timeout: 20_000 }).toBe('run.cancelled');
    expect([await system.stockOf('MUG'), mailsTo(id)]).toEqual([stock, 0]);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startFaultProxy, through, type FaultProxy } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { postRaw } from '../support/raw-http.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let toPostgres: FaultProxy;
let toTemporal: FaultProxy;
let ingress: HooklineProcess;
let worker: HooklineProcess;

beforeAll(async () => {
  system = await startSystem();
  toPostgres = await startFaultProxy(Number(new URL(system.database.url).port));
  const [, port] = inject('temporalAddress').split(':');
  toTemporal = await startFaultProxy(Number(port));
  [ingress, worker] = await Promise.all([
    system.startIngress({
      databaseUrl: through(system.database.url, toPostgres),
      temporalAddress: `127.0.0.1:${toTemporal.port}`,
    }),
    system.startWorker(),
  ]);
});
afterAll(async () => {
  await system.close();
  await Promise.all([toPostgres.close(), toTemporal.close()]);
});

const portOf = ({ lines }: HooklineProcess): number =>
  Number(new URL(String(lines.find(({ msg }) => msg === 'ready')?.['admin_url'])).port);
const ask = async (process: HooklineProcess, path: string): Promise<{ readonly status: number; readonly body: string }> =>
  postRaw(portOf(process), { method: 'GET', path });
/** The value of one line of the metrics; undefined where there is none. */
const metric = async (process: HooklineProcess, line: string): Promise<number | undefined> => {
  const found = (await ask(process, '/metrics')).body.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};
const readiness = async (process: HooklineProcess): Promise<{ readonly status: number; readonly notes: readonly string[] }> => {
  const { status, body } = await ask(process, '/readyz');
  return { status, notes: (JSON.parse(body) as { readonly notes: readonly string[] }).notes }; // the form of a report
};

describe('the listener for operators', () => {
  test('says that ingress and worker are ready', async () => {
    for (const process of [ingress, worker]) {
      await expect.poll(() => readiness(process)).toEqual({ status: 200, notes: [] });
      expect((await ask(process, '/healthz')).status).toBe(200);
      expect(await metric(process, 'hookline_postgres_up')).toBe(1);
      expect(await metric(process, 'hookline_temporal_up')).toBe(1);
    }
  });

  test('counts what was accepted, duplicate, refused and lost its way, and what became of it', async () => {
    const id = randomUUID();
    const accepted = await system.post(ingress, orderOf(id));
    const duplicate = await system.post(ingress, orderOf(id));
    expect([accepted.body.status, duplicate.body.status]).toEqual(['accepted', 'duplicate']);
    const post = (path: string): Promise<unknown> => postRaw(ingress.port, { path, body: '{}' });
    await post('/webhooks/erp');
    await post('/webhooks/a-source-that-nobody-knows');

    const deliveries = (source: string, outcome: string, cause: string): Promise<number | undefined> =>
      metric(ingress, `hookline_ingress_deliveries_total{source="${source}",outcome="${outcome}",cause="${cause}"}`);
    expect(await deliveries('erp', 'accepted', '')).toBe(1);
    expect(await deliveries('erp', 'duplicate', '')).toBe(1);
    expect(await deliveries('erp', 'refused', 'signature.missing')).toBe(1);
    expect(await deliveries('-', 'refused', 'source.unknown')).toBe(1);
    const { body: text } = await ask(ingress, '/metrics');
    expect(text).not.toContain('nobody-knows');
    expect(text).not.toContain(id);
    expect(await metric(ingress, 'hookline_ingress_ack_duration_seconds_count')).toBe(2);
    expect(await metric(ingress, 'hookline_inbox_commit_size_sum')).toBe(2);
    expect(await metric(ingress, 'hookline_inbox_waiting')).toBe(0);

    await expect.poll(() => metric(worker, 'hookline_runs_finished_total{chain="new-order",outcome="done"}'), { timeout: 20_000 }).toBe(1);
    const email = 'agent="email",action="sendOrderConfirmation"';
    expect(await metric(worker, `hookline_actions_total{${email},outcome="done"}`)).toBe(1);
    expect(await metric(worker, `hookline_action_duration_seconds_count{${email}}`)).toBe(1);
    expect(await metric(ingress, 'hookline_starts_total{outcome="started",cause=""}')).toBe(1);
    expect(await metric(ingress, 'hookline_runs{state="failed"}')).toBe(0);
    expect(await metric(worker, 'hookline_effects_unknown')).toBe(0);
  });

  test('is not ready while PostgreSQL answers and its disk is full, and is again with the first delivery that is stored', async () => {
    await system.database.pool.session((session) =>
      session.run(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON deliveries EXECUTE FUNCTION no_room()`),
    );
    const unwanted = (): object => ({ ...orderOf(randomUUID()), event_type: 'of.no.chain' });
    const post = (): Promise<{ readonly status: number }> => system.post(ingress, unwanted());
    const asked = async (): Promise<object> => ({ answer: (await post()).status, ...(await readiness(ingress)) });
    await expect.poll(asked, { timeout: 20_000 }).toEqual({
      answer: 503,
      status: 503,
      notes: [expect.stringMatching(/^postgres: down since 20\S+Z, its disk is full: webhooks are answered 503/)],
    });
    expect(await metric(ingress, 'hookline_postgres_up')).toBe(0);
    await system.database.pool.session((session) => session.run('DROP TRIGGER full_disk ON deliveries'));
    await expect.poll(asked, { timeout: 20_000 }).toEqual({ answer: 200, status: 200, notes: [] });
  });

  test('stays ready without Temporal, and says what works all the same', async () => {
    await toTemporal.close();
    await expect
      .poll(() => readiness(ingress), { timeout: 20_000 })
      .toEqual({
        status: 200,
        notes: [expect.stringMatching(/^temporal: down since 20\S+Z, it cannot be reached: events are accepted and started later$/)],
      });
    expect(await metric(ingress, 'hookline_temporal_up')).toBe(0);
    const id = randomUUID();
    expect((await system.post(ingress, orderOf(id))).body.status).toBe('accepted');
    await expect.poll(() => metric(ingress, 'hookline_runs{state="pending"}'), { timeout: 20_000 }).toBe(1);
    expect(await metric(ingress, 'hookline_runs_oldest_seconds{state="pending"}')).toBeGreaterThan(0);
  });

  test('is not ready without PostgreSQL, still alive, and shows no backlog that it cannot know', async () => {
    await toPostgres.close();
    await expect
      .poll(() => readiness(ingress), { timeout: 20_000 })
      .toEqual({
        status: 503,
        notes: expect.arrayContaining([expect.stringMatching(/^postgres: down since .* webhooks are answered 503/)]),
      });
    expect((await ask(ingress, '/healthz')).status).toBe(200);
    expect(await metric(ingress, 'hookline_postgres_up')).toBe(0);
    await expect.poll(() => metric(ingress, 'hookline_runs{state="pending"}'), { timeout: 20_000 }).toBeUndefined();
  });

  test('turns readiness off before webhooks are turned away', async () => {
    const other = await system.startIngress();
    await expect.poll(() => readiness(other)).toEqual({ status: 200, notes: [] });
    const stopped = other.stop();
    await expect.poll(() => other.lines.some(({ msg }) => msg === 'stopping'), { interval: 5 }).toBe(true);
    const [{ status, body }, order] = await Promise.all([ask(other, '/readyz'), system.post(other, orderOf(randomUUID()))]);
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ phase: 'draining' });
    expect(order.status).toBe(200);
    expect(await stopped).toBe(0);
  });
});

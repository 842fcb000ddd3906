import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { holdChore } from '../../src/store/chores.ts';
import { openAlertDesk, OPERATOR, type AlertDesk } from '../support/alert-desk.ts';
import { addRun, setRuns } from '../support/alert-rows.ts';

let desk: AlertDesk;
beforeAll(async () => {
  desk = await openAlertDesk();
});
afterEach(() => desk.clean());
afterAll(() => desk.close());

/** Whether a message is kept, which is about to be sent. */
async function isOnItsWay(): Promise<boolean> {
  return (await desk.database.pool.query({ name: 'test.onItsWay', text: 'SELECT FROM alert_messages' })).rowCount === 1;
}

describe('processes that look for alerts', () => {
  test('are many, and tell once', async () => {
    const all = [desk.start(), desk.start(), desk.start()];
    await addRun(desk.database.pool);
    await Promise.all(all.map(({ until }) => until(() => desk.smtp.received.length > 0)));
    await Promise.all(all.map(({ looks }) => looks(4)));
    const leads = await Promise.all(all.map(({ nextLook }) => nextLook()));
    expect([desk.smtp.received.length, leads.filter(Boolean).length]).toEqual([1, 1]);
    for (const { meter } of all) expect(meter.toText()).toContain('hookline_alerts{rule="run.failed"} 1\n');
  });

  test('take over from one that is gone when its lease ends, and at once from one that has ended in order', async () => {
    const gone = { name: 'alerts', owner: randomUUID(), leaseMs: 2_000 };
    expect(await holdChore(desk.database.pool, gone)).toBe(true);
    await addRun(desk.database.pool);
    const heir = desk.start({ leaseMs: 60_000 });
    expect(await heir.nextLook()).toBe(false);
    expect(desk.smtp.received).toEqual([]);
    await heir.until(() => desk.smtp.received.length > 0);

    const next = desk.start({ leaseMs: 60_000 });
    expect(await next.nextLook()).toBe(false);
    await heir.close();
    await next.looks(1);
    expect(await next.nextLook()).toBe(true);
    expect(desk.smtp.received).toHaveLength(1);
  });

  test('neither repeat nor forget when they start anew', async () => {
    await addRun(desk.database.pool);
    const first = desk.start();
    await first.until(() => desk.smtp.received.length > 0);
    await first.close();
    await setRuns(desk.database.pool, 'done');
    await addRun(desk.database.pool, { chain: 'order-paid' });
    const second = desk.start();
    await second.until(() => desk.smtp.received.length > 2);
    await second.looks(3);
    expect(await desk.subjects()).toEqual(['Hookline: 1 failed run', 'Hookline: 1 failed run', 'Hookline: all clear for 1 alert']);
  });

  test('send a message that a killed one had kept, as it was', async () => {
    const id = randomUUID();
    const item = { rule: 'run.failed', target: 'new-order', since: new Date().toISOString(), count: 1, state: 'new', detail: 'evt_1' };
    await desk.sql(
      `INSERT INTO alert_messages (sink, id, made_at, items) VALUES ('mail:${OPERATOR}', '${id}', now(), '${JSON.stringify([item])}')`,
    );
    const { until } = desk.start();
    await until(() => desk.smtp.received.length > 1);
    expect(desk.smtp.received[0]).toContain(`Message-ID: <alert-${id}@shop.example>`);
    expect(await desk.subjects()).toEqual(['Hookline: 1 failed run', 'Hookline: all clear for 1 alert']);
  });

  test('end at once beside a mail server that hangs, and leave the telling to the next', async () => {
    desk.smtp.script.thinkMs = 30_000;
    await addRun(desk.database.pool);
    const first = desk.start();
    while (!(await isOnItsWay()));
    const startedAt = performance.now();
    await first.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    desk.smtp.script.thinkMs = 0;
    const second = desk.start();
    await second.until(() => desk.smtp.received.length > 0);
    await second.looks(3);
    expect(desk.smtp.received).toHaveLength(1);
  });

  test('outlive an outage of PostgreSQL, and show nothing meanwhile', async () => {
    const { until, looks, meter } = desk.start();
    await looks(1);
    await desk.sql('ALTER TABLE chores RENAME TO chores_away');
    await until(() => !meter.toText().includes('hookline_alerts'));
    await desk.sql('ALTER TABLE chores_away RENAME TO chores');
    await addRun(desk.database.pool);
    await until(() => desk.smtp.received.length > 0);
    expect(desk.lines.filter(({ message }) => message === 'it cannot be looked for what needs a person')).toHaveLength(1);
  });
});

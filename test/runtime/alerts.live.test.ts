import PostalMime from 'postal-mime';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listAlerts } from '../../src/store/list-alerts.ts';
import { openAlertDesk, OPERATOR, type AlertDesk } from '../support/alert-desk.ts';
import { addDeliveries, addEffect, addRun, countRefusals, setRuns } from '../support/alert-rows.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let desk: AlertDesk;
beforeAll(async () => {
  desk = await openAlertDesk();
});
afterEach(() => desk.clean());
afterAll(() => desk.close());

describe('alerts', () => {
  test('tell by mail, in plain text, all that is new between two looks at once, and nothing of a payload', async () => {
    for (let count = 0; count < 3; count++) await addRun(desk.database.pool);
    await addEffect(
      desk.database.pool,
      await addRun(desk.database.pool, { chain: 'order-paid', eventId: 'evt_paid' }),
      'unknown',
      'order-paid',
    );
    const { looks } = desk.start();
    await looks(4);
    expect(desk.smtp.received).toHaveLength(1);
    const mail = await PostalMime.parse(desk.smtp.received[0] ?? '');
    expect(mail).toMatchObject({
      subject: 'Hookline: 4 failed runs, 1 unknown effect',
      from: { address: 'alerts@shop.example' },
      to: [{ address: OPERATOR }],
      messageId: expect.stringMatching(/^<alert-[0-9a-f-]{36}@shop\.example>$/) as string,
    });
    expect(mail.html).toBeUndefined();
    expect(mail.text).toContain('New: 1 failed run of chain order-paid, the newest of event evt_paid');
    expect(mail.text).toContain('\n  hookline runs --state failed\n');
    expect(desk.smtp.received[0]).not.toContain('canary');
  });

  test('are posted as JSON with a text, signed where the receiver has a secret', async () => {
    await addRun(desk.database.pool, { eventId: 'evt_1' });
    const { looks } = desk.start({ mailTo: undefined, url: desk.url, secret: SECRET });
    await looks(4);
    expect(desk.posted).toHaveLength(1);
    expect(JSON.parse(desk.posted[0]?.body ?? '')).toEqual({
      text: expect.stringMatching(/^Hookline: 1 failed run\nNew: 1 failed run of chain new-order[^]*hookline why evt_1\n/) as string,
      alerts: [{ rule: 'run.failed', target: 'new-order', since: expect.any(String), count: 1, state: 'new' }],
    });
    expect(() => new Webhook(SECRET).verify(desk.posted[0]?.body ?? '', desk.posted[0]?.headers as Record<string, string>)).not.toThrow(); // no header of it is doubled
    expect(desk.smtp.received).toEqual([]);
  });

  test.each<{
    readonly rule: string;
    readonly raise: () => Promise<unknown>;
    readonly clear: () => Promise<unknown>;
    readonly told: string;
  }>([
    {
      rule: 'run.failed',
      raise: () => addRun(desk.database.pool),
      clear: () => setRuns(desk.database.pool, 'done'),
      told: '1 failed run',
    },
    {
      rule: 'effect.unknown',
      raise: async () => addEffect(desk.database.pool, await addRun(desk.database.pool, { state: 'stopped' })),
      clear: () => desk.sql(`UPDATE effects SET state = 'done'`),
      told: '1 unknown effect',
    },
    {
      rule: 'backlog.old',
      raise: () => addRun(desk.database.pool, { state: 'pending' }),
      clear: () => setRuns(desk.database.pool, 'started'),
      told: '1 run not started',
    },
    {
      rule: 'source.silent',
      raise: () => desk.sql(`INSERT INTO alert_sources (source, first_seen, looked_at) VALUES ('shop', now() - interval '2 hours', now())`),
      clear: () => addDeliveries(desk.database.pool, {}),
      told: '1 silent source',
    },
    {
      rule: 'refusals.spike',
      raise: () => countRefusals(desk.database.pool, { count: 7, cause: 'signature.mismatch' }),
      clear: () => desk.sql(`UPDATE refusal_counters SET minute = minute - interval '1 hour'`),
      told: '1 spike of refusals',
    },
  ])('tell $rule once, and its end once', async ({ rule, raise, clear, told }) => {
    await raise();
    const { until, looks, meter } = desk.start({ silentAfterHours: rule === 'source.silent' ? 1 : 1_000 });
    await until(() => desk.smtp.received.length > 0);
    await looks(4);
    expect(await desk.subjects()).toEqual([`Hookline: ${told}`]);
    expect(meter.toText()).toContain(`hookline_alerts{rule="${rule}"} 1\n`);
    await clear();
    await until(() => desk.smtp.received.length > 1);
    await looks(4);
    expect(await desk.subjects()).toEqual([`Hookline: ${told}`, 'Hookline: all clear for 1 alert']);
    expect(meter.toText()).toContain(`hookline_alerts{rule="${rule}"} 0\n`);
    expect(await listAlerts(desk.database.pool)).toEqual([]);
  });

  test('are told again when they have grown tenfold, and to remind', async () => {
    await addRun(desk.database.pool);
    const { until, looks } = desk.start();
    await until(() => desk.smtp.received.length === 1);
    for (let count = 0; count < 8; count++) await addRun(desk.database.pool);
    await looks(3);
    expect(desk.smtp.received).toHaveLength(1);
    await addRun(desk.database.pool);
    await until(() => desk.smtp.received.length === 2);
    await desk.sql(`UPDATE alert_tellings SET told_at = now() - interval '24 hours'`);
    await until(() => desk.smtp.received.length === 3);
    await looks(3);
    const firstLines = await Promise.all(desk.smtp.received.map(async (mail) => (await PostalMime.parse(mail)).text?.split(' of ')[0]));
    expect(firstLines).toEqual(['New: 1 failed run', 'More: 10 failed runs', 'Still: 10 failed runs']);
  });

  test('are one pair where something comes and goes', async () => {
    await addRun(desk.database.pool);
    const { until, looks } = desk.start({ clearAfterMs: 10_000 });
    await until(() => desk.smtp.received.length === 1);
    for (let times = 0; times < 4; times++) {
      await setRuns(desk.database.pool, 'done');
      await looks(2);
      await setRuns(desk.database.pool, 'failed');
      await looks(2);
    }
    expect(desk.smtp.received).toHaveLength(1);
  });

  test('have no all-clear where nobody was told of them', async () => {
    desk.smtp.script.atRecipient = '450 later';
    await addRun(desk.database.pool);
    const { until, looks } = desk.start();
    await until(async () => (await listAlerts(desk.database.pool)).length === 1);
    await setRuns(desk.database.pool, 'done');
    await until(async () => (await listAlerts(desk.database.pool)).length === 0);
    desk.smtp.script.atRecipient = '250 ok';
    await looks(4);
    expect(desk.smtp.received).toEqual([]);
  });

  test('stand in the list without a receiver, as not told', async () => {
    await addRun(desk.database.pool);
    const { until } = desk.start({ mailTo: undefined });
    await until(async () => (await listAlerts(desk.database.pool)).length === 1);
    expect(await listAlerts(desk.database.pool)).toMatchObject([{ rule: 'run.failed', target: 'new-order', count: 1, toldAt: null }]);
  });
});

describe('a receiver of alerts that cannot be reached', () => {
  test('is told when it can be, and holds up and repeats nothing for the other', async () => {
    desk.smtp.script.atRecipient = '450 later';
    await addRun(desk.database.pool);
    const { until, looks } = desk.start({ url: desk.url });
    await until(() => desk.posted.length > 0);
    await looks(4);
    expect([desk.posted.length, desk.smtp.received.length]).toEqual([1, 0]);
    desk.smtp.script.atRecipient = '250 ok';
    await until(() => desk.smtp.received.length > 0);
    await looks(4);
    expect([desk.posted.length, desk.smtp.received.length]).toEqual([1, 1]);
    expect(await listAlerts(desk.database.pool)).toMatchObject([{ toldAt: expect.any(Date) }]);
  });

  test('leaves the alert as not told, names neither URL nor address in the log, and is no flood there', async () => {
    desk.status = 503;
    desk.smtp.script.atRecipient = `550 <${OPERATOR}> unknown`;
    await addRun(desk.database.pool);
    const { until, looks } = desk.start({ url: desk.url });
    await until(() => desk.posted.length > 2);
    await looks(2);
    expect(await listAlerts(desk.database.pool)).toMatchObject([{ toldAt: null }]);
    const warnings = desk.lines.filter(({ level, message }) => level === 'warn' && message.startsWith('an alert could not be told'));
    expect(warnings).toHaveLength(2);
    expect(new Set(warnings.map(({ fields }) => `${fields.sink} ${fields.code}`))).toEqual(
      new Set(['mail mail.refused', 'post http.unavailable']),
    );
    expect(JSON.stringify(desk.lines)).not.toMatch(/canary|ops@/);
  });

  test('gets the very same mail again while nobody knows whether it has arrived, three times at most', async () => {
    desk.smtp.script.afterDot = 'drop';
    await addRun(desk.database.pool);
    const { until, looks } = desk.start();
    await until(() => desk.smtp.received.length > 0);
    desk.smtp.script.afterDot = '250 taken';
    await addRun(desk.database.pool, { chain: 'order-paid' });
    await until(() => desk.smtp.received.length > 2);
    expect(desk.smtp.received[1]).toBe(desk.smtp.received[0]);
    const later = desk.smtp.received.slice(2).join('');
    expect(later).toContain('order-paid');
    expect(later).not.toContain('new-order');

    desk.smtp.script.afterDot = 'drop';
    await addRun(desk.database.pool, { chain: 'welcome-user' });
    await until(() => desk.smtp.received.length > 5);
    await looks(4);
    expect(desk.smtp.received).toHaveLength(6);
    expect(new Set(desk.smtp.received.slice(3)).size).toBe(1);
  });
});

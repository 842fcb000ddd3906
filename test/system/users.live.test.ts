import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { startSystem, type System } from '../support/system.ts';

let system: System;
let ingress: HooklineProcess;
let worker: HooklineProcess;
let smtp: ScriptedSmtp;

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  system = await startSystem({
    settings: `
marketing:
  segments:
    - { segment: newsletter, when: { field: marketingConsent, op: equals, value: true } }
    - segment: german-teams
      when: { all: [{ field: country, op: equals, value: DE }, { field: attributes.team_size, op: gte, value: 10 }] }
    - { segment: never, when: { not: { field: registeredAt, op: exists } } }
`,
  });
  [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
beforeEach(() => {
  smtp.script.atRecipient = '250 ok';
});
afterAll(async () => {
  await system.close();
  await smtp.close();
});

function registrationOf(id: string, data: object = {}): object {
  return {
    event_id: id,
    event_type: 'user.registered',
    occurred_at: new Date().toISOString(),
    data: {
      user_id: id,
      email: `${id}@example.com`,
      name: 'Ada',
      country: 'de',
      marketing_consent: true,
      attributes: { team_size: 12 },
      ...data,
    },
  };
}
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 20_000, interval: 50 }).toMatchObject(expected);
const mailsTo = (address: string): number => smtp.received.filter((message) => message.includes(`To: ${address}`)).length;
const countedOf = async (userId: string): Promise<unknown> =>
  (
    await system.database.pool.query<{ readonly counted: number }>({
      name: 'test.counted',
      text: `SELECT count(*)::int AS counted FROM analytics WHERE name = 'user_registered' AND subject = $1`,
      values: [userId],
    })
  ).rows[0]?.counted;
const segmentsOf = async (userId: string): Promise<readonly string[]> =>
  (
    await system.database.pool.query<{ readonly segment: string }>({
      name: 'test.segments',
      text: 'SELECT segment FROM segment_members WHERE user_id = $1 ORDER BY segment',
      values: [userId],
    })
  ).rows.map(({ segment }) => segment);
const factsOf = async (userId: string): Promise<object> => ({ segments: await segmentsOf(userId), counted: await countedOf(userId) });
const EFFECTS = ['analytics.record done 0', 'email.sendWelcome done 0', 'marketing.segment done 0'];

describe('a user who registers', () => {
  it('is welcomed, put into segments and counted, each once', async () => {
    const id = randomUUID();
    expect((await system.post(ingress, registrationOf(id))).body.status).toBe('accepted');
    await closesAs(id, { state: 'done' });
    expect((await system.post(ingress, registrationOf(id))).body.status).toBe('duplicate');
    expect(await system.effects(id)).toEqual(EFFECTS);
    expect(await factsOf(`erp:${id}`)).toEqual({ segments: ['german-teams', 'newsletter'], counted: 1 });
    expect(await system.entity('user', `erp:${id}`)).toMatchObject({ country: 'DE', segments: ['german-teams', 'newsletter'] });
    expect(mailsTo(`${id}@example.com`)).toBe(1);
  });

  it("comes from Clerk in Clerk's own shape, by Standard Webhooks", async () => {
    const id = `msg_${randomUUID()}`;
    const event = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/users/clerk-created.json'), 'utf8')) as { data: object }; // the fixture is an event
    const user = `user_${randomUUID()}`;
    const data = { ...event.data, id: user, created_at: Date.now() };
    expect(await system.postClerk(ingress, id, { ...event, timestamp: Date.now(), data })).toEqual({
      status: 200,
      body: { status: 'accepted', eventId: id },
    });
    await closesAs(id, { state: 'done' });
    expect(await factsOf(`app:${user}`)).toEqual({ segments: ['newsletter'], counted: 1 });
    expect(mailsTo('grace@navy.example.com')).toBe(1);
  });

  it('without an address is put into segments and counted', async () => {
    const id = randomUUID();
    await system.post(ingress, registrationOf(id, { email: null }));
    await closesAs(id, { state: 'done' });
    expect(await system.effects(id)).toEqual(['analytics.record done 0', 'marketing.segment done 0']);
  });
});

describe('a failure in the middle', () => {
  it('of the mail undoes nothing, and a resend sends the mail and repeats nothing', async () => {
    const id = randomUUID();
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, registrationOf(id));
    await closesAs(id, { state: 'failed', code: 'mail.refused', attempt: 1 });
    expect(await system.effects(id)).toEqual(['analytics.record done 0', 'email.sendWelcome intended 0', 'marketing.segment done 0']);
    expect(await factsOf(`erp:${id}`)).toEqual({ segments: ['german-teams', 'newsletter'], counted: 1 });

    smtp.script.atRecipient = '250 ok';
    await system.post(ingress, registrationOf(id));
    await closesAs(id, { state: 'done', attempt: 2 });
    expect(await system.effects(id)).toEqual(EFFECTS);
    expect(await factsOf(`erp:${id}`)).toEqual({ segments: ['german-teams', 'newsletter'], counted: 1 });
    expect(mailsTo(`${id}@example.com`)).toBe(1);
  });

  it('of the segments leaves the others alone, and is made good alone', async () => {
    const id = randomUUID();
    const failed = () =>
      worker.lines.some((line) => line['event_id'] === id && line['action'] === 'marketing.segment' && line['outcome'] === 'failed');
    await system.database.pool.session((session) => session.run('ALTER TABLE segment_members RENAME TO segment_members_away'));
    try {
      await system.post(ingress, registrationOf(id));
      await expect.poll(failed, { timeout: 20_000, interval: 20 }).toBe(true);
      await expect.poll(() => countedOf(`erp:${id}`), { timeout: 20_000, interval: 20 }).toBe(1);
    } finally {
      await system.database.pool.session((session) => session.run('ALTER TABLE segment_members_away RENAME TO segment_members'));
    }
    await closesAs(id, { state: 'done', attempt: 1 });
    expect(await factsOf(`erp:${id}`)).toEqual({ segments: ['german-teams', 'newsletter'], counted: 1 });
    expect([await system.effects(id), mailsTo(`${id}@example.com`)]).toEqual([EFFECTS, 1]);
  });
});

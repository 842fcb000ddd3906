import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { startSystem, type System } from '../support/system.ts';

let system: System;
let ingress: HooklineProcess;
let smtp: ScriptedSmtp;
let team: Server;
let folder: string;
let teamStatus = 200;
const told: { readonly key: string; readonly text: string }[] = [];

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  team = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { text } = JSON.parse(body) as { text: string }; // as Slack takes it
      if (teamStatus === 200) told.push({ key: String(request.headers['idempotency-key']), text });
      response.writeHead(teamStatus).end('ok');
    });
  });
  team.listen(0, '127.0.0.1');
  await once(team, 'listening');
  const address = team.address();
  folder = await mkdtemp(join(tmpdir(), 'hookline-tickets-'));
  await writeFile(
    join(folder, 'team-url'),
    `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/services/T0/B0/x`,
  );
  system = await startSystem({ settings: `support: { teamUrl: { file: '${join(folder, 'team-url')}' } }` });
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
beforeEach(() => {
  smtp.script.atRecipient = '250 ok';
  smtp.script.afterDot = '250 taken';
  teamStatus = 200;
});
afterAll(async () => {
  await system.close();
  await smtp.close();
  team.close();
  await rm(folder, { recursive: true, force: true });
});

const START = Date.now() - 60 * 60_000;
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

/** An event of a ticket that stands in this way after so many minutes. */
function changeOf(ticket: string, minute: number, data: object = {}) {
  return {
    event_id: randomUUID(),
    event_type: minute === 0 ? 'ticket.created' : 'ticket.updated',
    occurred_at: at(minute),
    data: {
      ticket_id: ticket,
      subject: 'My parcel has not arrived',
      status: 'open',
      priority: 'normal',
      requester_email: `${ticket}@example.com`,
      created_at: at(0),
      updated_at: at(minute),
      ...data,
    },
  };
}
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 20_000, interval: 50 }).toMatchObject(expected);
const tell = async (event: ReturnType<typeof changeOf>): Promise<void> => {
  expect((await system.post(ingress, event)).status).toBe(200);
  await closesAs(event.event_id, { state: 'done' });
};
const mailsTo = (ticket: string): number => smtp.received.filter((message) => message.includes(`To: ${ticket}@example.com`)).length;
const noticesOf = (ticket: string): readonly string[] =>
  told.filter(({ text }) => text.includes(`erp:${ticket}`)).map(({ text }) => text.split(':')[0] ?? '');

describe('a ticket that changes', () => {
  it('is followed, told of when it is escalated, told of again when it is so once more, and its first answer is timed', async () => {
    const ticket = randomUUID();
    const up = changeOf(ticket, 1, { priority: 'urgent' });
    await tell(changeOf(ticket, 0));
    expect([noticesOf(ticket), mailsTo(ticket)]).toEqual([[], 0]);
    await tell(up);
    await tell(changeOf(ticket, 2, { priority: 'high' }));
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([1, 1]);
    await tell(changeOf(ticket, 3, { status: 'pending' }));
    await tell(changeOf(ticket, 4, { tags: ['escalated'] }));
    expect(noticesOf(ticket)).toEqual([`Ticket ${ticket} is escalated`, `Ticket ${ticket} is escalated again (2)`]);
    expect(mailsTo(ticket)).toBe(2);

    expect((await system.post(ingress, up)).body.status).toBe('duplicate');
    expect(await system.entity('ticket', `erp:${ticket}`)).toMatchObject({
      status: 'open',
      tags: ['escalated'],
      escalated: true,
      firstAnsweredAt: at(3),
    });
    const { rows } = await system.database.pool.query({
      name: 'test.answer',
      text: `SELECT value::float8 FROM analytics WHERE name = 'ticket_first_answer_s' AND subject = $1`,
      values: [`erp:${ticket}`],
    });
    expect(rows).toEqual([{ value: 180 }]);
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([2, 2]);
  });

  it('is told of as often when its events come at once, twice, and in any order', async () => {
    const ticket = randomUUID();
    const events = [1, 2, 3, 4, 5].map((minute) => changeOf(ticket, minute, { priority: minute % 2 === 1 ? 'urgent' : 'low' }));
    await Promise.all([...events.toReversed(), ...events].map((event) => system.post(ingress, event)));
    for (const { event_id } of events) await closesAs(event_id, { state: 'done', attempt: 1 });
    expect(noticesOf(ticket).toSorted()).toEqual([
      `Ticket ${ticket} is escalated`,
      `Ticket ${ticket} is escalated again (2)`,
      `Ticket ${ticket} is escalated again (3)`,
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
    expect(mailsTo(ticket)).toBe(3);
    expect(await system.entity('ticket', `erp:${ticket}`)).toMatchObject({ priority: 'urgent', escalated: true });
  });

  it("comes from Zendesk in Zendesk's own shape", async () => {
    for (const name of ['zendesk-comment-added', 'zendesk-created', 'zendesk-priority-changed']) {
      const event = JSON.parse(readFileSync(join(import.meta.dirname, `../fixtures/tickets/${name}.json`), 'utf8')) as {
        id: string;
        time: string;
      }; // the fixtures are events
      expect(await system.postZendesk(ingress, { ...event, time: event.time.replace('2026-', '2025-') })).toMatchObject({
        status: 200,
        body: { status: 'accepted' },
      });
      await closesAs(event.id, { state: 'done' });
    }
    expect(await system.entity('ticket', 'zendesk:22129848:5158')).toMatchObject({
      priority: 'urgent',
      requesterEmail: null,
      escalated: true,
    });
    expect(told.filter(({ text }) => text.includes('zendesk:22129848:5158')).map(({ text }) => text)).toEqual([
      'Ticket #5158 is escalated: priority urgent, zendesk:22129848:5158\nThe printer is on fire',
    ]);
  });
});

describe('a failure in the middle', () => {
  it('of the team: the customer has the mail, and a resend tells the team and nobody else', async () => {
    const ticket = randomUUID();
    const event = changeOf(ticket, 1, { priority: 'urgent' });
    teamStatus = 400;
    await system.post(ingress, event);
    await closesAs(event.event_id, { state: 'failed', code: 'http.refused', attempt: 1 });
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([0, 1]);

    teamStatus = 200;
    expect((await system.post(ingress, event)).body.status).toBe('duplicate');
    await closesAs(event.event_id, { state: 'done', attempt: 2 });
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([1, 1]);
    expect(await system.effects(event.event_id)).toEqual([
      'email.sendTicketEscalated done 0',
      'support.follow done 0',
      'support.tellTeam done 0',
    ]);
  });

  it('of the mail: the team is told, and a resend sends the mail and tells nobody again', async () => {
    const ticket = randomUUID();
    const event = changeOf(ticket, 1, { priority: 'urgent' });
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, event);
    await closesAs(event.event_id, { state: 'failed', code: 'mail.refused', attempt: 1 });
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([1, 0]);

    smtp.script.atRecipient = '250 ok';
    await system.post(ingress, event);
    await closesAs(event.event_id, { state: 'done', attempt: 2 });
    expect([noticesOf(ticket).length, mailsTo(ticket)]).toEqual([1, 1]);
  });

  it('of a team that is down for a while: it is told once it is back, under one key', async () => {
    const ticket = randomUUID();
    const event = changeOf(ticket, 1, { priority: 'urgent' });
    teamStatus = 503;
    await system.post(ingress, event);
    await expect.poll(() => mailsTo(ticket), { timeout: 20_000, interval: 50 }).toBe(1);
    teamStatus = 200;
    await closesAs(event.event_id, { state: 'done', attempt: 1 });
    expect(noticesOf(ticket)).toHaveLength(1);
    const { rows } = await system.database.pool.query({
      name: 'test.notices',
      text: 'SELECT count(*)::int AS kept FROM team_notices WHERE subject = $1',
      values: [`erp:${ticket}`],
    });
    expect(rows).toEqual([{ kept: 1 }]);
  });
});

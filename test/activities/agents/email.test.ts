import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import email from '../../../src/activities/agents/email.ts';
import type { EffectCall } from '../../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../../src/activities/dependencies.ts';
import { createMailTemplates } from '../../../src/activities/mail-templates.ts';
import { createMailer } from '../../../src/activities/mailer.ts';
import { ticketEvent } from '../../../scripts/record/sample-ticket.ts';
import { callOf } from '../../support/ledger-calls.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../../support/scripted-smtp.ts';

let smtp: ScriptedSmtp;
let actions: ReturnType<typeof email.actions>;
beforeEach(async () => {
  smtp = await startScriptedSmtp();
  const mailer = createMailer({
    smtpUrl: smtp.url,
    from: 'Shop <shop@example.com>',
    messageIdDomain: 'example.com',
    render: createMailTemplates(),
  });
  actions = email.actions({ mailer } as AgentDependencies); // it looks at nothing else
});
afterEach(() => smtp.close());

let sendings = 0;
const call: EffectCall = {
  call: callOf(),
  effectKey: 'k1',
  sending: async () => void (sendings += 1),
  signal: new AbortController().signal,
};

describe('sendTicketEscalated', () => {
  it('says to whom it goes which ticket it is about, with what the customer wrote as text', async () => {
    const { data } = ticketEvent('ticket.updated', { subject: '<b>{{ call }}</b>', requester: { email: 'ada@example.com', name: 'Ada' } });
    sendings = 0;
    await actions.sendTicketEscalated.run({ to: 'ada@example.com', ticket: data }, call);
    expect(smtp.received[0]).toContain('To: ada@example.com');
    expect(smtp.received[0]).toContain('Subject: Your request HELP-77 has our full attention');
    expect(smtp.received[0]).toContain('your request HELP-77 (<b>{{ call }}</b>) has been given a higher priority');
    expect(smtp.received[0]?.replaceAll('=\r\n', '')).toContain('<strong>HELP-77</strong> (&lt;b&gt;{{ call }}&lt;/b&gt;)');
    expect(sendings).toBe(1);
  });

  it('does without a name and a subject', async () => {
    const { data } = ticketEvent('ticket.updated', { subject: '', requester: { email: 'ada@example.com', name: null } });
    await actions.sendTicketEscalated.run({ to: 'ada@example.com', ticket: data }, call);
    expect(smtp.received[0]).toContain('Hello,\r\n\r\nyour request HELP-77 has been given');
  });
});

describe('sendWelcome', () => {
  it('greets by name, where there is one', async () => {
    await actions.sendWelcome.run({ to: 'ada@example.com', user: { name: 'Ada' } }, call);
    await actions.sendWelcome.run({ to: 'ada@example.com', user: { name: null } }, call);
    expect(smtp.received[0]).toContain('Subject: Welcome, Ada');
    expect(smtp.received[0]).toContain('Hello Ada,');
    expect(smtp.received[1]).toContain('Subject: Welcome\r\n');
    expect(smtp.received[1]).toContain('Hello,');
  });

  it('happens at most once, as every mail of this agent does', () => {
    expect(Object.values(actions).map(({ policy }) => policy)).toEqual(['atMostOnce', 'atMostOnce', 'atMostOnce']);
  });
});

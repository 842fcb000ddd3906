import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { writeMessage } from '../../../src/admin/alerts/write-message.ts';
import { commands } from '../../../src/cli/commands.ts';
import type { AlertItem } from '../../../src/store/alert-messages.ts';

const item = (overrides: Partial<AlertItem> = {}): AlertItem => ({
  rule: 'run.failed',
  target: 'new-order',
  since: '2026-11-24T10:00:00.123Z',
  count: 12,
  state: 'new',
  detail: 'evt_84ea1b03cced516d',
  ...overrides,
});
const EVERY_RULE: readonly AlertItem[] = [
  item(),
  item({ rule: 'run.taskFailing', count: 2 }),
  item({ rule: 'effect.unknown', target: 'email.sendOrderConfirmation', count: 1, state: 'standing' }),
  item({ rule: 'backlog.old', target: '*', count: 300, state: 'grown' }),
  item({ rule: 'run.slow', target: 'sync-customer at crm.upsertProfile', count: 1 }),
  item({ rule: 'source.silent', target: 'shop', count: 1, detail: '2026-11-23T08:00:00Z' }),
  item({ rule: 'refusals.spike', target: 'shop', count: 75, detail: 'signature.mismatch' }),
];

describe('writeMessage', () => {
  test('says what and how many, and which commands to run', () => {
    expect(writeMessage(EVERY_RULE)).toEqual({
      subject:
        'Hookline: 12 failed runs, 2 stuck runs, 1 unknown effect, 300 runs not started, 1 slow run, 1 silent source, 1 spike of refusals',
      text: `New: 12 failed runs of chain new-order, the newest of event evt_84ea1b03cced516d (since 2026-11-24T10:00:00Z)
New: 2 runs of chain new-order that Temporal cannot carry on, the first of event evt_84ea1b03cced516d (since 2026-11-24T10:00:00Z)
Still: 1 unknown effect of action email.sendOrderConfirmation, the newest of event evt_84ea1b03cced516d (since 2026-11-24T10:00:00Z)
More: 300 runs not started in time, the first of event evt_84ea1b03cced516d (since 2026-11-24T10:00:00Z)
New: 1 run of chain sync-customer at crm.upsertProfile under way for too long, the oldest of event evt_84ea1b03cced516d (since 2026-11-24T10:00:00Z)
New: nothing from source shop after 2026-11-23T08:00:00Z (since 2026-11-24T10:00:00Z)
New: 75 deliveries of source shop refused in one minute, most of them signature.mismatch (since 2026-11-24T10:00:00Z)

Look with:
  hookline runs --state failed
  hookline runs --code run.taskFailing
  hookline effects --state unknown
  hookline doctor
  hookline runs --state started
  hookline deliveries --source shop
  hookline deliveries --outcome refused --source shop
  hookline why evt_84ea1b03cced516d
  hookline alerts
`,
    });
  });

  test('gives the all-clear of every rule', () => {
    const over = EVERY_RULE.map((one) => ({ ...one, state: 'over' as const, detail: null }));
    expect(writeMessage(over)).toEqual({
      subject: 'Hookline: all clear for 7 alerts',
      text: `Over: no failed run of chain new-order is left (was so since 2026-11-24T10:00:00Z)
Over: no run of chain new-order is stuck any more (was so since 2026-11-24T10:00:00Z)
Over: no effect of action email.sendOrderConfirmation is unknown any more (was so since 2026-11-24T10:00:00Z)
Over: no run waits for its start for too long any more (was so since 2026-11-24T10:00:00Z)
Over: no run of chain sync-customer at crm.upsertProfile is under way for too long any more (was so since 2026-11-24T10:00:00Z)
Over: source shop is not silent any more (was so since 2026-11-24T10:00:00Z)
Over: source shop is not refused so often any more (was so since 2026-11-24T10:00:00Z)

Look with:
  hookline alerts
`,
    });
  });

  test('sums up what is of one rule, and puts the all-clear last', () => {
    const { subject } = writeMessage([item(), item({ target: 'order-paid', count: 3 }), item({ target: 'welcome-user', state: 'over' })]);
    expect(subject).toBe('Hookline: 15 failed runs, all clear for 1 alert');
  });

  test('does without details', () => {
    const { text } = writeMessage(EVERY_RULE.map((one) => ({ ...one, detail: null })));
    expect(text).toMatch(
      /^New: 12 failed runs of chain new-order \(.*\n.*\n.*\nMore: 300 runs not started in time \(.*\n.*\nNew: nothing from source shop so far \(/,
    );
    expect(text).not.toMatch(/null|why/);
  });

  test('has 20 lines of alerts at most, and says how many more there are', () => {
    const many = Array.from({ length: 23 }, (_, index) => item({ target: `chain-${index}` }));
    const lines = writeMessage(many).text.split('\n\n')[0]?.split('\n') ?? [];
    expect([lines.length, lines.at(-1)]).toEqual([21, 'and 3 more']);
    expect(writeMessage(many.slice(0, 20)).text).not.toContain('more');
  });

  test('names only commands and options that the command line has', async () => {
    const ran: string[] = [];
    const program = new Command();
    for (const addTo of commands) addTo(program);
    for (const command of program.commands) command.exitOverride().action(() => void ran.push(command.name()));
    const named = [...writeMessage(EVERY_RULE).text.matchAll(/^ {2}hookline (.+)$/gm)].map(([, words = '']) => words.split(' '));
    expect(named).toHaveLength(9);
    for (const words of named) await program.parseAsync(words, { from: 'user' });
    expect(ran).toEqual(named.map(([name]) => name));
  });
});

import { describe, expect, test } from 'vitest';
import { explainRun } from '../../../src/admin/why/explain-run.ts';
import type { PendingSteps } from '../../../src/admin/why/pending-steps.ts';
import type { EffectRow } from '../../../src/store/events.ts';
import type { RunRow } from '../../../src/store/runs.ts';
import type { SetSwitch } from '../../../src/store/switches.ts';
import { effectRow, eventRow, runRow, THEN } from '../operator-rows.ts';

const MAIL = 'email.sendOrderConfirmation';
const after = (ms: number): Date => new Date(THEN.getTime() + ms);
const explain = (
  run: Partial<RunRow>,
  {
    effects = [],
    switches = [],
    pending,
    ms = 1_000,
  }: {
    readonly effects?: readonly EffectRow[];
    readonly switches?: readonly SetSwitch[];
    readonly pending?: PendingSteps | null;
    readonly ms?: number;
  } = {},
) => explainRun({ event: eventRow(), run: runRow(run), effects, switches, pending, now: after(ms) });

describe('a run that has not been started', () => {
  test('is about to be, for five seconds', () => {
    expect(explain({ state: 'pending' }, { ms: 5_000 })).toMatchObject({ verdict: 'starting', fix: null });
  });

  test('waits for Temporal after that, since its event came', () => {
    expect(explain({ state: 'pending' }, { ms: 5_001 })).toMatchObject({
      verdict: 'waiting',
      since: THEN,
      said: '`new-order` waits for Temporal since 2026-03-01 10:00:00Z (5.0 s)',
      fix: expect.stringContaining('hookline doctor') as string,
    });
  });

  test('says which attempt it is, where a repair was asked for', () => {
    const { verdict, said } = explain({ state: 'repair_requested', attempt: 3 }, { ms: 60_000 });
    expect([verdict, said]).toEqual(['waiting', expect.stringContaining('asked to start again as attempt 3, waits for Temporal')]);
  });
});

describe('a run whose start was tried and put off', () => {
  test('waits for Temporal, and says when it is tried again', () => {
    expect(explain({ state: 'repair_requested', attempt: 2, dueAt: after(9_000) })).toMatchObject({
      verdict: 'waiting',
      since: null,
      said: '`new-order`, asked to start again as attempt 2, waits for Temporal; the next try is at 2026-03-01 10:00:09Z',
    });
    expect(explain({ state: 'pending', dueAt: after(61_000) }, { ms: 60_000 })).toMatchObject({ verdict: 'waiting', since: THEN });
  });
});

describe('a run that is running', () => {
  test('stands at the step that has not ended, for so long, after so many sendings', () => {
    const effects = [
      effectRow({ action: 'inventory.reserve' }),
      effectRow({ state: 'intended', sends: 2, detail: 'mail.unavailable', updatedAt: after(1_000) }),
    ];
    expect(explain({ state: 'started', closedAt: null }, { effects, ms: 61_000 })).toMatchObject({
      verdict: 'running',
      step: MAIL,
      since: THEN,
      said: `\`new-order\` is running at step \`${MAIL}\` for 61.0 s, which may have gone out 2 times; the last try ended with mail.unavailable`,
    });
  });

  test('stands between two steps where every effect has ended', () => {
    expect(explain({ state: 'started' }, { effects: [effectRow()] })).toMatchObject({ verdict: 'running', step: null, since: THEN });
  });
});

describe('a run of which Temporal tells what it waits for', () => {
  const refused = { code: 'mail.unavailable', message: 'mail.unavailable: got ECONNREFUSED' };
  const waits = (
    last: PendingSteps['steps'][number]['last'],
    nextTryAt: Date | null = after(90_000),
    workerAwaitedSince: Date | null = null,
  ): PendingSteps => ({ steps: [{ action: MAIL, last, nextTryAt }], workerAwaitedSince });
  const email: SetSwitch = { verb: 'pause', kind: 'agent', name: 'email', since: after(500), by: 'anna', reason: null };
  const mail: SetSwitch = { ...email, kind: 'adapter', name: 'mail' };
  const paused = (one: string) => waits({ code: 'action.paused', message: `action.paused: in \`pause ${one}\`` });

  test('says with what the last try has ended, when the next one is, and what to do', () => {
    expect(explain({ state: 'started' }, { pending: waits(refused), ms: 60_000 })).toMatchObject({
      verdict: 'running',
      code: 'mail.unavailable',
      step: MAIL,
      since: THEN,
      said: `\`new-order\` is running at step \`${MAIL}\` for 60.0 s; the last try ended with mail.unavailable: got ECONNREFUSED; the next is at 2026-03-01 10:01:30Z`,
      fix: 'check `mail.smtp` and the server',
    });
    expect(explain({ state: 'started' }, { pending: waits(refused, null) }).said).toMatch(/ECONNREFUSED; the next is under way$/);
    expect(explain({ state: 'started' }, { pending: waits({ code: null, message: 'activity Heartbeat timeout' }) })).toMatchObject({
      code: null,
      said: expect.stringContaining('ended with activity Heartbeat timeout; the next is at') as string,
      fix: null,
    });
  });

  test.each([
    [email, 'agent email'],
    [mail, 'adapter mail'],
  ])('waits for the very switch that has stopped it, of several: %o', (one, name) => {
    const others: readonly SetSwitch[] = [
      { ...email, name: 'crm' },
      { ...mail, name: 'team' },
    ];
    expect(explain({ state: 'started' }, { pending: paused(name), switches: [...others, one] })).toMatchObject({
      verdict: 'paused',
      code: 'action.paused',
      step: MAIL,
      since: after(500),
      said: `\`new-order\` is running, and its actions wait at step \`${MAIL}\`: paused by \`pause ${name}\`, set at 2026-03-01 10:00:00Z by anna`,
      fix: `\`hookline resume ${name}\` when it may go on`,
    });
  });

  test('goes on by itself where nothing is paused any more', () => {
    expect(explain({ state: 'started' }, { pending: paused('agent email') })).toMatchObject({
      verdict: 'running',
      said: expect.stringContaining('; its last try was paused, and the next is at 2026-03-01 10:01:30Z') as string,
      fix: null,
    });
  });

  test('waits for a worker, where none takes what is due', () => {
    const pending = waits(null, null, after(1_000));
    expect(explain({ state: 'started' }, { pending, ms: 6_000 })).toMatchObject({ verdict: 'running' });
    expect(explain({ state: 'started' }, { pending, ms: 61_000 })).toMatchObject({
      verdict: 'waiting',
      since: after(1_000),
      said: `\`new-order\` waits at step \`${MAIL}\` for a worker since 2026-03-01 10:00:01Z (60.0 s)`,
      fix: expect.stringContaining('hookline doctor') as string,
    });
  });

  test('is not told of switches that may stop something else', () => {
    const pending = { steps: [], workerAwaitedSince: null };
    expect(explain({ state: 'started' }, { pending, switches: [mail, email] })).toMatchObject({ verdict: 'running', fix: null });
  });

  test('is as the ledger has it while Temporal cannot be asked, which is said', () => {
    expect(explain({ state: 'started' }, { pending: null })).toMatchObject({
      verdict: 'running',
      said: expect.stringMatching(/; Temporal cannot be asked what it waits for$/) as string,
      fix: 'see `hookline doctor`',
    });
    expect(explain({ state: 'started' }, { pending: null, switches: [mail] })).toMatchObject({
      said: expect.stringContaining('it may wait for `pause adapter mail`') as string,
      fix: '`hookline resume adapter mail` when it may go on',
    });
  });

  test('does not wait at a step for longer than this attempt of it is under way', () => {
    const effects = [effectRow({ state: 'intended', intendedAt: after(-86_400_000) })];
    expect(explain({ state: 'started' }, { pending: waits(null, null), effects, ms: 2_000 }).since).toEqual(THEN);
  });
});

describe('a run that has ended', () => {
  test('failed at the step that has not ended, with its code and the fix of the errors table', () => {
    const effects = [effectRow({ state: 'intended' })];
    expect(explain({ state: 'failed', code: 'mail.refused', detail: 'mail.refused: got 550' }, { effects })).toMatchObject({
      verdict: 'failed',
      code: 'mail.refused',
      step: MAIL,
      said: `\`new-order\` failed at step \`${MAIL}\` in attempt 1 at 2026-03-01 10:00:00Z with mail.refused: got 550`,
      fix: expect.stringContaining('hookline replay') as string,
    });
  });

  test('waits for a person where an effect is unknown: the fix is the command that settles it', () => {
    const { fix } = explain({ state: 'failed', code: 'effect.unknown' }, { effects: [effectRow({ state: 'unknown' })] });
    expect(fix).toContain(`hookline resolve ${eventRow().uuid} ${MAIL} --sent`);
  });

  test('is not explained by effects of another ledger, nor of a round that a later one has replaced', () => {
    const effects = [effectRow({ state: 'unknown', ledger: 'other' }), effectRow({ state: 'unknown', round: 0 })];
    expect(explain({ state: 'failed', code: 'action.failed', round: 1 }, { effects }).step).toBeNull();
  });

  test('was stopped by a person', () => {
    const { verdict, said } = explain({ state: 'stopped', code: 'run.cancelled' });
    expect([verdict, said]).toEqual([
      'stopped',
      '`new-order` was stopped by a person at 2026-03-01 10:00:00Z: run.cancelled: a person cancelled the run; what it had done was undone',
    ]);
  });

  test('is done', () => {
    expect(explain({ attempt: 2 }, { effects: [effectRow()] })).toMatchObject({
      verdict: 'done',
      fix: null,
      said: '`new-order` is done at 2026-03-01 10:00:00Z, at attempt 2, with 1 effect in the ledger',
    });
  });

  test.each([
    ['the run says so', { result: { outcome: 'superseded' } }, {}],
    ['a step says so', {}, { result: { superseded: true } }],
  ] as const)('is superseded where %s', (_name, run, effect) => {
    expect(explain(run, { effects: [effectRow(effect)] }).verdict).toBe('superseded');
  });
});

describe('a run for which something is paused', () => {
  const set = (kind: SetSwitch['kind'], name: string, verb: SetSwitch['verb'] = 'pause'): SetSwitch => ({
    verb,
    kind,
    name,
    since: THEN,
    by: 'anna',
    reason: null,
  });
  const sending = effectRow({ action: MAIL, state: 'intended' });

  test.each([
    [set('source', 'shop'), '`pause source shop`', '`hookline resume source shop` when it may go on'],
    [set('chain', 'new-order'), '`pause chain new-order`', '`hookline resume chain new-order` when it may go on'],
    [set('all', '*', 'hold'), '`hold --all`', '`hookline release --all` when it may go on'],
  ])('is not started, and says by which switch: %o', (one, text, fix) => {
    expect(explain({ state: 'pending' }, { switches: [one], ms: 60_000 })).toMatchObject({
      verdict: 'paused',
      code: 'action.paused',
      since: THEN,
      said: `\`new-order\` is not started: paused by ${text}, set at 2026-03-01 10:00:00Z by anna`,
      fix,
    });
  });

  test('that is running waits at its step, where its agent, its chain or its source is paused', () => {
    for (const one of [set('agent', 'email'), set('chain', 'new-order'), set('source', 'shop')])
      expect(explain({ state: 'started' }, { effects: [sending], switches: [one] })).toMatchObject({
        verdict: 'paused',
        step: MAIL,
        said: expect.stringContaining(`is running, and its actions wait at step \`${MAIL}\`: paused by`) as string,
      });
  });

  test('that is running may wait for an adapter, or for an agent where no step is known: rows do not tell', () => {
    expect(explain({ state: 'started' }, { effects: [sending], switches: [set('adapter', 'mail')] })).toMatchObject({
      verdict: 'running',
      said: expect.stringContaining('; it may wait for `pause adapter mail`, set at') as string,
      fix: '`hookline resume adapter mail` when it may go on',
    });
    expect(explain({ state: 'started' }, { switches: [set('agent', 'crm')] }).said).toContain('it may wait for `pause agent crm`');
  });

  test('is not told of switches that are not for it, nor of any once it has ended', () => {
    const others = [set('source', 'erp'), set('chain', 'invoice'), set('source', 'shop', 'hold'), set('agent', 'crm')];
    expect(explain({ state: 'started' }, { effects: [sending], switches: others })).toMatchObject({ verdict: 'running', fix: null });
    expect(explain({ state: 'pending' }, { switches: others })).toMatchObject({ verdict: 'starting' });
    expect(explain({ state: 'done' }, { switches: [set('source', 'shop'), set('chain', 'new-order')] })).toMatchObject({ verdict: 'done' });
  });
});

import { describe, expect, test } from 'vitest';
import { explainRun } from '../../../src/admin/why/explain-run.ts';
import type { PendingSteps } from '../../../src/admin/why/pending-steps.ts';
import type { RunRow } from '../../../src/store/runs.ts';
import type { VendorWait } from '../../../src/store/vendor-waits.ts';
import { eventRow, runRow, THEN } from '../operator-rows.ts';

const MAIL = 'email.sendOrderConfirmation';
const after = (ms: number): Date => new Date(THEN.getTime() + ms);
const explain = (
  run: Partial<RunRow>,
  {
    waits,
    pending,
    ms = 1_000,
  }: { readonly waits?: readonly VendorWait[]; readonly pending?: PendingSteps | null; readonly ms?: number } = {},
) => explainRun({ event: eventRow(), run: runRow(run), effects: [], switches: [], waits, pending, now: after(ms) });
const stepThat = (last: PendingSteps['steps'][number]['last']): PendingSteps => ({
  steps: [{ action: MAIL, last, nextTryAt: after(90_000) }],
  workerAwaitedSince: null,
});

describe('a run whose step has found that its vendor wants to be left alone', () => {
  test('waits for its vendor, until when that has asked for', () => {
    const pending = stepThat({ code: 'action.waiting', message: 'action.waiting: expected no request before T, in `adapter mail`' });
    const wait = { adapter: 'mail', until: after(90_000), since: after(500) };
    const others = [{ ...wait, adapter: 'crm' }];
    expect(explain({ state: 'started' }, { pending, waits: [...others, wait] })).toMatchObject({
      verdict: 'waiting',
      code: 'action.waiting',
      step: MAIL,
      since: after(500),
      said: `\`new-order\` waits at step \`${MAIL}\` for vendor \`mail\` until 2026-03-01 10:01:30Z (Retry-After)`,
      fix: expect.stringContaining('hookline resume adapter <name>') as string,
    });
    expect(explain({ state: 'started' }, { pending, waits: others })).toMatchObject({
      verdict: 'running',
      said: expect.stringMatching(
        /its last try found that the vendor wanted to be left alone, and the next is at 2026-03-01 10:01:30Z$/,
      ) as string,
      fix: null,
    });
  });
});

describe('a run that Temporal cannot carry on', () => {
  const taskFailure = { detail: 'NON_DETERMINISTIC_ERROR: [TMPRL1100] no', since: THEN };
  const stuck = {
    verdict: 'stuck',
    code: 'run.taskFailing',
    since: THEN,
    said: '`new-order` is started, and does not go on since 2026-03-01 10:00:00Z (61.0 s): run.taskFailing: NON_DETERMINISTIC_ERROR: [TMPRL1100] no',
    fix: expect.stringContaining('deploy workers') as string,
  };

  test('is not called running, and says why', () => {
    const pending: PendingSteps = { steps: [], workerAwaitedSince: THEN, taskFailure };
    expect(explain({ state: 'started' }, { pending, ms: 61_000 })).toMatchObject(stuck);
  });

  test('is told by its row where Temporal cannot be asked, and by Temporal where it can', () => {
    const row = { state: 'started', code: 'run.taskFailing', detail: taskFailure.detail, stuckSince: THEN } as const;
    expect(explain(row, { pending: null, ms: 61_000 })).toMatchObject(stuck);
    expect(explain(row, { ms: 61_000 })).toMatchObject(stuck);
    expect(explain(row, { pending: { steps: [], workerAwaitedSince: null }, ms: 61_000 })).toMatchObject({
      verdict: 'running',
      code: null,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { MODES } from '../../scripts/torture/io-call.ts';
import { judgeLife } from '../../scripts/torture/judge-life.ts';
import type { Life } from '../../scripts/torture/live-once.ts';

const faultAt = (name: string) => ({ site: { role: 'worker', name, nth: 1, seenBy: 'request', modes: MODES }, mode: 'cutAfter' }) as const;
const lifeOf = (state: string, code: string | null, rest: Partial<Life> = {}): Life => ({
  answers: [],
  run: { state, code, workflowId: 'shop.1' },
  repairs: 0,
  waitsFor: undefined,
  tookMs: 1,
  ...rest,
});

describe('the judgement of a life', () => {
  it('is good of a run that is done', () => {
    expect(judgeLife(faultAt('ledger.claim'), lifeOf('done', null))).toEqual([]);
  });

  it('is good of a mail of which nobody can know, and of no other effect that is unknown', () => {
    expect(judgeLife(faultAt('mail message'), lifeOf('failed', 'effect.unknown'))).toEqual([]);
    expect(judgeLife(faultAt('warehouse'), lifeOf('failed', 'effect.unknown'))).toEqual(['is failed effect.unknown']);
    expect(judgeLife(faultAt('ledger.markSending'), lifeOf('failed', 'effect.unknown'))).toEqual(['is failed effect.unknown']);
  });

  it.each([
    ['a run that stays failed', lifeOf('failed', 'action.gaveUp'), 'is failed action.gaveUp'],
    ['no run', lifeOf('done', null, { run: undefined }), 'is no run '],
    [
      'a life that is not over in time',
      lifeOf('started', null, { waitsFor: 'the end of its run' }),
      'waits for the end of its run, and is started ',
    ],
    ['a fault that was not met', lifeOf('done', null, { waitsFor: 'the fault' }), 'waits for the fault, and is done '],
  ])('is bad of %s', (_what, life, problem) => {
    expect(judgeLife(faultAt('ledger.claim'), life)).toEqual([problem]);
  });
});

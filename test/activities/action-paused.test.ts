import { expect, it } from 'vitest';
import { ActionPaused, toPausedFailure } from '../../src/activities/action-paused.ts';

const paused = new ActionPaused({ verb: 'pause', kind: 'agent', name: 'email', ageMs: 1 });

it.each([
  ['an effect has Temporal wait, which costs no history', 'effect', false],
  ['a state action has its workflow wait: as an attempt more, a long pause would use up its last one', 'state', true],
] as const)('%s', (_what, kind, nonRetryable) => {
  expect(toPausedFailure(paused, kind, 1_500)).toMatchObject({
    type: 'action.paused',
    category: 'BENIGN',
    nonRetryable,
    nextRetryDelay: 1_500,
    details: [{ waitMs: 1_500 }],
  });
});

import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../src/activities/patience.ts';
import { retryPresets } from '../../src/workflows/retry-presets.ts';

const UNITS_MS = { ms: 1, second: 1_000, seconds: 1_000, minutes: 60_000 } as const;
const toMs = (duration: string): number => {
  const [count, unit] = duration.split(' ');
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]; // the presets use no other unit
};

describe('retryPresets', () => {
  it.each(['quick', 'patient'] as const)('%s: a state action has as many attempts as an effect’s patience has room for', (preset) => {
    const { retry, stateAttempts } = retryPresets[preset];
    let passedMs = 0;
    let waitMs = toMs(retry.initialInterval);
    let attempts = 1;
    while (passedMs + waitMs <= PATIENCE_MS[preset]) {
      passedMs += waitMs;
      waitMs = Math.min(waitMs * retry.backoffCoefficient, toMs(retry.maximumInterval));
      attempts += 1;
    }
    expect(stateAttempts).toBe(attempts);
  });

  it('forever: no attempt is the last', () => {
    expect(retryPresets.forever).not.toHaveProperty('stateAttempts');
  });
});

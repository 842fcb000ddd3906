import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { uuidV7 } from '../../../src/contracts/ids.ts';
import { createSampler } from '../../../src/runtime/tracing/sampler.ts';

/** Ids of one moment: their first halves are almost equal. */
const ids = Array.from({ length: 4_000 }, () => uuidV7(Date.UTC(2026, 10, 24), randomBytes(10)));
const keep = (ratio: number) => ids.filter(createSampler('parentbased_traceidratio', ratio));

describe('sampling', () => {
  it.each([0.1, 0.5, 0.9])('keeps %d of the traces of one moment', (ratio) => {
    expect(keep(ratio).length / ids.length).toBeCloseTo(ratio, 1);
  });

  it('keeps with a greater ratio all that it keeps with a smaller one', () => {
    const more = new Set(keep(0.5));
    expect(keep(0.1).filter((id) => !more.has(id))).toEqual([]);
  });

  it('decides by the last 7 bytes alone, as W3C Trace Context has it', () => {
    const sample = createSampler('traceidratio', 0.5);
    expect(sample('00000000-0000-7000-8080-000000000000')).toBe(true);
    expect(sample('ffffffff-ffff-7fff-bf7f-000000000000')).toBe(false);
  });

  it.each([
    ['always_on', 4_000],
    ['parentbased_always_on', 4_000],
    ['always_off', 0],
    ['parentbased_always_off', 0],
  ] as const)('%s keeps %d of 4000', (name, kept) => {
    expect(ids.filter(createSampler(name, 1))).toHaveLength(kept);
  });

  it('keeps all with 1 and none with 0', () => {
    expect([keep(1).length, keep(0).length]).toEqual([4_000, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { allCases, chooseCases } from '../../scripts/torture/choose-cases.ts';
import { MODES, WITHOUT_REPLY } from '../../scripts/torture/io-call.ts';
import { toCaseId, type IoSite } from '../../scripts/torture/io-site.ts';

const siteOf = (name: string, modes: IoSite['modes'] = MODES): IoSite => ({ role: 'worker', name, nth: 1, seenBy: 'request', modes });
const SITES = [siteOf('ledger.claim'), siteOf('warehouse connect', WITHOUT_REPLY), siteOf('PollWorkflowTaskQueue')];
const FIRSTS = ['worker PollWorkflowTaskQueue#1 cutAfter', 'worker ledger.claim#1 cutAfter', 'worker warehouse connect#1 cutBefore'];
const choose = (seed: number, count: number, kept: readonly string[] = []): readonly string[] =>
  chooseCases(SITES, { seed, count, kept }).map(toCaseId);

describe('the cases of torture', () => {
  it('are every site in every mode that it has', () => {
    expect(allCases(SITES)).toHaveLength(MODES.length * 2 + WITHOUT_REPLY.length);
  });

  it('are in a short run every site once, those that wait for Temporal first', () => {
    expect(choose(1, 0)).toEqual(FIRSTS);
  });

  it('are also those that have found a defect, however long they take', () => {
    expect(choose(1, 0, ['worker ledger.claim#1 hangAfter'])).toEqual(['worker ledger.claim#1 hangAfter', ...FIRSTS]);
  });

  it('are also some that the seed chooses, the same for the same one, none of which hangs', () => {
    const chosen = choose(7, 4);
    expect(chosen).toEqual(choose(7, 4));
    expect(new Set(chosen).size).toBe(FIRSTS.length + 4);
    expect(choose(7, 1_000).filter((id) => id.includes(' hang'))).toEqual([]);
    expect([1, 2, 3, 4].some((seed) => choose(seed, 4).join() !== chosen.join())).toBe(true);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFacts } from '../../../scripts/drill/check-facts.ts';
import type { DrillPlan } from '../../../scripts/drill/drill-plan.ts';
import { ingressKill } from '../../../scripts/drill/faults.ts';
import { ROOT } from '../../../scripts/drill/patched-copy.ts';
import { runDrill, type DrillResult } from '../../../scripts/drill/run-drill.ts';
import { silentLog } from '../../support/silent-log.ts';
import { BREAKS } from './broken-facts.ts';

/** One ingress is killed; the load has all that drills have. */
const plan: DrillPlan = {
  name: 'small',
  means: 'one ingress is killed',
  async disturb(disturbance) {
    disturbance.load.burst(12);
    await ingressKill(disturbance);
  },
};

let folder: string;
let result: DrillResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-small-run-'));
  const signal = new AbortController().signal;
  result = await runDrill({ plan, seed: 1, minutes: 0.02, root: ROOT, folder, log: silentLog, onProgress: () => {}, signal });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a small drill on real servers', () => {
  it('holds: nothing lost, nothing doubled', () => {
    expect(result.verdict).toMatchObject({ ok: true, violations: [] });
    expect(result.verdict.counts).toMatchObject({ faults: 1, acknowledged: result.facts.sent.length });
  });

  it.each(BREAKS)('would not hold with $what ($rule)', ({ rule, change }) => {
    expect(checkFacts(change(result.facts)).violations.map((violation) => violation.rule)).toContain(rule);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../src/contracts/names.ts';
import { collectFacts, countOpenRuns, listRepairable } from './collect-facts.ts';
import { checkFacts } from './check-facts.ts';
import type { DrillPlan } from './drill-plan.ts';
import type { Facts, InjectedFault } from './facts.ts';
import { createEventMaker } from './make-events.ts';
import { createRandom } from './random.ts';
import { startLoad, type Load } from './start-load.ts';
import { startStack, type DrillStack } from './start-stack.ts';
import type { Verdict } from './verdict.ts';
import { watchProcesses } from './watch-processes.ts';

/** What a drill is run with. */
export interface RunOptions {
  readonly plan: DrillPlan;
  /** Of all that is chosen at random; what happens meanwhile is up to the machine, so that a seed repeats the faults and not the interleaving. */
  readonly seed: number;
  /** New events a second, where it is not the drill's own. */
  readonly ratePerS?: number | undefined;
  /** How long things are broken; starting before and settling after come on top. */
  readonly minutes: number;
  /** The checkout whose sources are run. */
  readonly root: string;
  /** Settings, logs and data; `facts.json` at the end. */
  readonly folder: string;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How a drill has ended. */
export interface DrillResult {
  readonly verdict: Verdict;
  readonly facts: Facts;
}

/** Modest on two cores that do other things as well. */
const SHAPE = { ratePerS: 4, copies: undefined, reordered: 0.1, heldBackMs: 3_000 } as const;
const ACKNOWLEDGE_MS = 60_000;
/** An action that was put off waits up to a minute by then. */
const SETTLE_MS = 240_000;
const REPAIRS = 3;
const POLL_MS = 250;

/** Runs a drill on servers and processes of its own and has the checker judge it; nothing is left running. */
export async function runDrill(options: RunOptions): Promise<DrillResult> {
  const { plan, seed, folder, onProgress } = options;
  // three sequences, so that how often one is asked does not change the others
  const [forFaults, forLoad, forVendors] = [createRandom(seed), createRandom(seed + 1), createRandom(seed + 2)];
  const stack = await startStack({ ...options, random: forVendors });
  const maker = createEventMaker({ name: `s${seed}`, random: forLoad, now: Date.now });
  const { ports } = stack.fleet;
  const rate = options.ratePerS === undefined ? {} : { ratePerS: options.ratePerS };
  const load = startLoad({
    ...SHAPE,
    ...plan.load,
    ...rate,
    maker,
    random: forLoad,
    ports: () => ports,
    secret: stack.secrets.SHOP_SECRET,
  });
  const watch = plan.watchEveryMs === undefined ? undefined : watchProcesses({ pids: stack.fleet.pids, everyMs: plan.watchEveryMs });
  try {
    const faults = await disturb(options, stack, load, forFaults);
    watch?.close();
    await settle(options, stack, load);
    onProgress('checking');
    const facts = await collectFacts(stack, { load, faults, wantsFaults: plan.wantsFaults ?? true, samples: watch?.samples ?? [] });
    await writeFile(join(folder, 'facts.json'), JSON.stringify(facts));
    return { facts, verdict: checkFacts(facts) };
  } finally {
    watch?.close();
    load.close();
    await stack.close();
  }
}

async function disturb(
  { plan, minutes, onProgress, signal }: RunOptions,
  stack: DrillStack,
  load: Load,
  random: () => number,
): Promise<readonly InjectedFault[]> {
  const faults: InjectedFault[] = [];
  const startedAt = performance.now();
  const leftMs = (): number => startedAt + minutes * 60_000 - performance.now();
  const tell = (what: string): void => onProgress(`${load.sent.length} events sent, ${faults.length} faults, ${what}`);
  await plan.disturb({
    stack,
    load,
    random,
    note: (what) => {
      faults.push({ what, atS: Math.round((performance.now() - startedAt) / 100) / 10 });
      tell(what);
    },
    wait: (ms) => sleep(Math.max(0, Math.min(ms, leftMs())), undefined, { signal }),
    isOver: () => leftMs() <= 0,
  });
  return faults;
}

/** Mends everything, waits until nothing is under way, has the sender repair what has failed, and sends the last events. */
async function settle({ onProgress, signal }: RunOptions, stack: DrillStack, load: Load): Promise<void> {
  onProgress('mending everything');
  await stack.heal();
  await load.settle(ACKNOWLEDGE_MS);
  const waitForRuns = (what: string): Promise<void> =>
    waitUntilClosed(stack, { onProgress: (line) => onProgress(`${what}: ${line}`), signal });
  await waitForRuns('settling');
  for (let tries = 0; tries < REPAIRS; tries += 1) {
    const failed = await listRepairable(stack.pool);
    if (failed.length === 0) break;
    onProgress(`sending ${failed.length} events again whose runs have failed`);
    await load.resend(failed, ACKNOWLEDGE_MS);
    await waitForRuns('repairing');
  }
  await load.sendTail(ACKNOWLEDGE_MS);
  await waitForRuns('the last events');
}

async function waitUntilClosed(
  { pool }: DrillStack,
  { onProgress, signal }: { readonly onProgress: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  for (const until = performance.now() + SETTLE_MS; performance.now() < until;) {
    const open = await countOpenRuns(pool);
    if (open === 0) return;
    onProgress(`${open ?? 'unknown'} runs under way`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

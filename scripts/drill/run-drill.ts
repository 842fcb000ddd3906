import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../src/contracts/names.ts';
import { collectFacts, countRuns, listRepairable } from './collect-facts.ts';
import { checkFacts } from './check-facts.ts';
import type { DrillPlan } from './drill-plan.ts';
import type { Drain, Facts, InjectedFault } from './facts.ts';
import { OPEN } from './join-facts.ts';
import { createEventMaker, type EventMaker } from './make-events.ts';
import { recordOutages } from './measure/record-outages.ts';
import { createRandom } from '../../src/cli/drill/create-random.ts';
import { writeFacts } from './measure/write-facts.ts';
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
  /** From one fault to the next, where it is not the drill's own. */
  readonly everyMs?: number | undefined;
  /** Events of a drill that counts them, where it is not the drill's own number. */
  readonly events?: number | undefined;
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
/** Longer than an action is ever put off (5 min) and may then take (30 s): what has not moved for so long is stuck. */
const STUCK_MS = 340_000;
const REPAIRS = 3;
/** Events that are sent again at a time: a provider sends no thousands at once. */
const RESENDS = 100;
const POLL_MS = 250;

/** Runs a drill on servers and processes of its own and has the checker judge it; nothing is left running. */
export async function runDrill(options: RunOptions): Promise<DrillResult> {
  const { plan, seed, folder, onProgress } = options;
  // three sequences, so that how often one is asked does not change the others
  const [forFaults, forLoad, forVendors] = [createRandom(seed), createRandom(seed + 1), createRandom(seed + 2)];
  const { stack, outages } = recordOutages(await startStack({ ...options, random: forVendors }), Date.now);
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
    const { faults, drain } = await disturb(options, { stack, load, maker, random: forFaults });
    watch?.close();
    await settle(options, stack, load);
    onProgress('checking');
    const facts = await collectFacts(stack, {
      load,
      faults,
      outages,
      drain,
      wantsFaults: plan.wantsFaults ?? true,
      samples: watch?.samples ?? [],
    });
    await writeFacts(join(folder, 'facts.json'), facts);
    return { facts, verdict: checkFacts(facts) };
  } finally {
    watch?.close();
    load.close();
    await stack.close();
  }
}

async function disturb(
  { plan, minutes, everyMs, events, onProgress, signal }: RunOptions,
  tools: { readonly stack: DrillStack; readonly load: Load; readonly maker: EventMaker; readonly random: () => number },
): Promise<{ readonly faults: readonly InjectedFault[]; readonly drain: Drain | null }> {
  const faults: InjectedFault[] = [];
  let drain: Drain | null = null;
  const startedAt = performance.now();
  const leftMs = (): number => startedAt + minutes * 60_000 - performance.now();
  const tell = (what: string): void => onProgress(`${tools.load.sent.length} events sent, ${faults.length} faults, ${what}`);
  await plan.disturb({
    ...tools,
    everyMs,
    events,
    note: (what) => {
      faults.push({ what, atS: Math.round((performance.now() - startedAt) / 100) / 10 });
      tell(what);
    },
    wait: (ms) => sleep(Math.max(0, Math.min(ms, leftMs())), undefined, { signal }),
    isOver: () => leftMs() <= 0,
    async until(isTrue, withinMs) {
      for (const end = performance.now() + withinMs; performance.now() < end;) {
        if (await isTrue()) return true;
        await sleep(POLL_MS, undefined, { signal });
      }
      return false;
    },
    keepDrain: (kept) => (drain = kept),
  });
  return { faults, drain };
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
    for (let from = 0; from < failed.length; from += RESENDS) await load.resend(failed.slice(from, from + RESENDS), ACKNOWLEDGE_MS);
    await waitForRuns('repairing');
  }
  await load.sendTail(ACKNOWLEDGE_MS);
  await waitForRuns('the last events');
}

/** Resolves when no run is under way, or when none has closed for so long that none will. */
async function waitUntilClosed(
  { pool }: DrillStack,
  { onProgress, signal }: { readonly onProgress: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let movedAt = performance.now(); performance.now() - movedAt < STUCK_MS;) {
    const open = await countRuns(pool, OPEN);
    if (open === 0) return;
    if (open !== undefined && open < least) {
      least = open;
      movedAt = performance.now();
    }
    onProgress(`${open ?? 'unknown'} runs under way`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

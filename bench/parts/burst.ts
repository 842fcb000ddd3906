import { setTimeout as sleep } from 'node:timers/promises';
import { measureLoad } from '../harness/measure-load.ts';
import type { Bench, Part, PartResult } from '../harness/part.ts';
import { startHookline, type RunningHookline } from '../harness/start-hookline.ts';
import { toText } from '../harness/statistics.ts';
import type { System } from '../harness/system.ts';
import { countLost, PROBED, withDatabases, withSystem, type SystemInWorld } from '../harness/with-system.ts';
import type { LoadPlan } from '../load/load-plan.ts';

const TIMES = 10;
const BURST_MS = 60_000;
const QUICK_BURST_MS = 3_000;
const CONNECTIONS = 128;
/** How many runs the start rate is found by; the first ones warm it up. */
const FIRST_MS = 300;
const POLL_MS = 250;
const DRAIN_MS = 30 * 60_000;

/** Ten times what can be started, for one minute: what is refused, how soon it is acknowledged, and when all of it is done. */
export default {
  name: 'burst',
  means: 'ten times the start rate for one minute',
  long: true,
  run: (bench) =>
    withDatabases(bench, (databases) => {
      const system: System<RunningHookline> = {
        name: 'hookline-whole',
        means: 'ingress and worker; tuned Temporal dev server',
        ack: 'on disk',
        versions: () => [],
        start: async (world) => startHookline(world, { temporalAddress: await world.temporal('tuned'), processes: 'apart' }),
      };
      return withSystem({ bench, system, databases }, (running) => measure(bench, running));
    }),
} satisfies Part;

async function measure(bench: Bench, running: SystemInWorld<RunningHookline>): Promise<PartResult> {
  const { signal, bodyBytes, pace, onProgress } = bench;
  const post = async (shape: LoadPlan['shape'], measureMs: number) => {
    const plan: LoadPlan = { url: running.url, secret: running.world.secret, bodyBytes, shape, warmUpMs: 0, measureMs };
    return (await measureLoad({ plan, pids: running.world.pids(), signal })).result;
  };
  onProgress('burst: finding the start rate');
  const warmed = await post({ kind: 'closed', connections: 8 }, FIRST_MS);
  await drain(running, signal);
  const beganAt = performance.now();
  const first = await post({ kind: 'closed', connections: 32 }, FIRST_MS);
  await drain(running, signal);
  const doneS = (performance.now() - beganAt) / 1_000;
  const startsPerS = first.ackedInAll / doneS;

  const perSecond = Math.max(1, Math.round(startsPerS * TIMES));
  onProgress(`burst: ${perSecond} webhooks a second`);
  const burst = await post({ kind: 'open', perSecond, connections: CONNECTIONS }, pace.quick ? QUICK_BURST_MS : BURST_MS);
  const endedAt = performance.now();
  onProgress('burst: waiting until all of it is done');
  await drain(running, signal);
  const drainS = (performance.now() - endedAt) / 1_000;

  const acked = PROBED + warmed.ackedInAll + first.ackedInAll + burst.ackedInAll;
  const lost = await countLost(running, acked);
  const failed = await running.failed();
  const refused = Object.values(burst.others).reduce((sum, count) => sum + count, 0) + burst.unanswered;
  const { p50, p99, max } = burst.latencyMs;
  const numbers = { startsPerS, perSecond, acked: burst.ackedInAll, refused, p50Ms: p50, p99Ms: p99, maxMs: max, drainS, failed };
  return {
    tables: [
      {
        title: 'A burst',
        head: ['runs done /s', 'webhooks /s', 'acknowledged', 'refused', 'p50 ms', 'p99 ms', 'most ms', 'all done after, s'],
        rows: [[startsPerS, perSecond, burst.ackedInAll, refused, p50, p99, max, drainS].map(toText)],
        notes: [
          `${TIMES} times the rate at which runs are done, for ${burst.windowMs / 1_000} s; a run has one action in our own database.`,
        ],
      },
    ],
    pictures: [],
    measures: Object.entries(numbers).map(([name, value]) => ({ name: `burst.${name}`, values: [value] })),
    guards: [],
    problems: [
      ...(refused > 0 ? [`burst: ${refused} webhooks refused or not answered: ${JSON.stringify(burst.others)}`] : []),
      ...(lost > 0 ? [`burst: ${lost} of ${acked} acknowledged deliveries are not stored`] : []),
      ...(failed > 0 ? [`burst: ${failed} runs failed`] : []),
    ],
  };
}

/** Resolves when no run is open. */
async function drain(hookline: Pick<RunningHookline, 'open'>, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + DRAIN_MS; (await hookline.open()) > 0;) {
    if (performance.now() > until) throw new Error(`runs are still open after ${DRAIN_MS / 60_000} minutes`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

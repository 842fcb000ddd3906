import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { toSources } from '../contracts/settings.ts';
import { toSourceUrl } from '../ingress/listener-url.ts';
import hookline from '../providers/hookline.ts';
import { parseCount } from './counts.ts';
import { chooseDrillSource } from './drill/choose-drill-source.ts';
import { DRILL_PLANS, toDrillPlan } from './drill/drill-plans.ts';
import { toDrillScreen } from './drill/drill-screen.ts';
import { makeDrillEvents } from './drill/make-drill-events.ts';
import { playDrill } from './drill/play-drill.ts';
import { readStage } from './drill/read-stage.ts';
import { toListenerBase } from './listener-base.ts';
import { createProgressLine } from './progress-line.ts';
import { EXIT } from './report.ts';
import { globalsOf } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';
import { findWorkplace } from './workplace.ts';
import { world } from './world.ts';

interface DrillOptions {
  readonly source: string;
  readonly events: number;
  readonly rate: number;
  readonly seed?: number;
  readonly url?: string;
}

/** What a shell gets for a command that Ctrl-C has ended. */
const INTERRUPTED = 130;
const MOST_SEED = 999_999_999;

/** `drill`: proves on a running installation that nothing is lost and nothing doubled, by test traffic alone. */
export function addDrill(program: Command): void {
  program
    .command('drill')
    .description('post marked test traffic to the running installation, and check that nothing of it was lost or doubled')
    .argument('<name>', DRILL_PLANS.map(({ name }) => name).join(', '))
    .requiredOption('--source <name>', 'a source of provider `hookline`, whose test traffic is dry')
    .option('--events <n>', 'so many events', parseCount({ min: 10, max: 2_000 }), 40)
    .option('--rate <n>', 'so many new events a second', parseCount({ min: 1, max: 200 }), 8)
    .option('--seed <n>', 'choose the events by this (default: another each time)', parseCount({ min: 0, max: MOST_SEED }))
    .option('--url <url>', "the listener's address (default: that of the running stack, else the public one)")
    .addHelpText('after', HELP)
    .action(async (name: string, options: DrillOptions, command: Command) => {
      process.exitCode = await drill(name, options, command);
    });
}

async function drill(name: string, { source: named, events, rate, seed, url }: DrillOptions, command: Command): Promise<number> {
  const plan = toDrillPlan(name);
  const { settings, stack } = await findWorkplace(command);
  const source = chooseDrillSource(toSources(settings), named);
  const globals = globalsOf(command);
  const hasOtherApi = (globals.api ?? (process.env['HOOKLINE_API'] || undefined)) !== undefined;
  const stop = listenForStop();
  const line = createProgressLine(process.stderr);
  return withApi(command, async (api) => {
    const stage = await readStage(api, source);
    const isRouted = makeDrillEvents({ ...stage, ...plan, prefix: '', count: 1, random: () => 0, now: world.now() }).length > 0;
    if (!isRouted)
      throw new HooklineError('cli.usage', {
        expected: plan.newestFirst ? 'a source of whose customers or tickets a chain hears' : 'a source with events for a chain',
        got: `\`${source.name}\`, which has none`,
        fix: 'see `hookline routes`',
      });
    const base = toListenerBase({ url, stack: hasOtherApi ? null : stack });
    const verdict = await playDrill({
      plan,
      api,
      source: source.name,
      url: base === undefined ? stage.sourceUrl : toSourceUrl(base, source.name),
      secret: source.secrets[0] ?? '',
      provider: hookline,
      routes: stage.routes,
      count: events,
      ratePerS: rate,
      seed: seed ?? Math.floor(world.random() * 1_000_000),
      now: world.now,
      onProgress: line.show,
      signal: stop.signal,
    }).finally(line.clear);
    if (stop.signal.aborted) return INTERRUPTED;
    tell(globals, { document: verdict, text: () => toDrillScreen(verdict, createPaint(process.stdout)) });
    return verdict.ok ? EXIT.ok : EXIT.failed;
  });
}

const WIDTH = Math.max(...DRILL_PLANS.map(({ name }) => name.length)) + 2;
const HELP = `
Drills:
${DRILL_PLANS.map(({ name, means }) => `  ${name.padEnd(WIDTH)}${means}`).join('\n')}

Nothing reaches the outside: every event is marked as test traffic (\`test: true\` beside \`event_id\`), and unless the first ones are
kept as such and all that is done for them is dry, nothing more is sent. What stays behind are rows, of deliveries, events, runs
and effects, whose ids begin with \`drill-\`; they leave as \`retention\` says. No entity, stock or count is changed. The work is real:
it takes its share of the servers while it lasts, and counts in metrics.

Drills that break things (worker-kill, postgres-restart …) need a stack of their own: \`npm run drill -- --help\` in a checkout.`;

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { toSources, type Settings } from '../contracts/settings.ts';
import { loadSettings } from '../runtime/load-settings.ts';
import { createLog } from '../runtime/log.ts';
import { fillSampleStock } from '../runtime/sample-stock.ts';
import { startStack, type Stack } from '../runtime/stack.ts';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';
import { checkDemo } from './demo/check-demo.ts';
import { toDemoDocument } from './demo/demo-document.ts';
import { toDemoScreen, type DemoView } from './demo/demo-screen.ts';
import { playDemo } from './demo/play-demo.ts';
import { createProgressLine, type ProgressLine } from './progress-line.ts';
import { EXIT, type ExitCode } from './report.ts';
import { globalsOf, type GlobalOptions } from './settings.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { toTemporalLink } from '../admin/temporal-link.ts';
import { startTemporalRuntime } from './temporal-runtime.ts';
import { world } from './world.ts';

interface DemoOptions {
  readonly keep?: true;
}

/** What a shell gets for a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Plays the demonstration in a folder of its own; resolves to the exit code. */
export async function runDemo(command: Command): Promise<number> {
  const globals = { ...globalsOf(command), ...command.opts<DemoOptions>() };
  const other = globals.config === undefined ? (globals.data === undefined ? undefined : '--data') : '--config';
  if (other !== undefined) throw new HooklineError('cli.usage', { expected: 'no settings, since a demo has its own', got: `\`${other}\`` });
  return inFolder((folder) => demonstrate(folder, globals));
}

/** A folder that is removed at the end; one that has something to tell about a failure stays. */
async function inFolder(use: (folder: string) => Promise<ExitCode | typeof INTERRUPTED>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-demo-'));
  let code: number = EXIT.failed;
  try {
    code = await use(folder);
  } finally {
    if (code === EXIT.failed) console.error(`the log is in ${join(folder, 'data')}`);
    else await rm(folder, { recursive: true, force: true });
  }
  return code;
}

async function demonstrate(folder: string, globals: GlobalOptions & DemoOptions): Promise<ExitCode | typeof INTERRUPTED> {
  const env = withoutServers(process.env);
  const loaded = loadSettings({ cwd: folder, env, mode: 'development', dataDir: join(folder, 'data') });
  if (!loaded.ok)
    throw new HooklineError('bug.unexpected', { expected: 'settings of a development machine', got: loaded.problems[0]?.got ?? 'none' });
  const { settings, given } = loaded;
  const log = createLog({ level: 'info', destination: { file: join(settings.data, 'hookline.log') }, name: 'demo' });
  const runtime = await startTemporalRuntime(log);
  const stop = listenForStop();
  const line = createProgressLine(process.stderr);
  let stack: Stack | undefined;
  try {
    line.show('starting');
    stack = await startStack({ ...world, settings, given, env, log, onProgress: line.show, anyPorts: true, signal: stop.signal });
    const view = await Promise.race([play({ stack, settings, log, line, stop }), stack.failed]);
    line.clear();
    if (stop.signal.aborted) return INTERRUPTED;
    tell(globals, { document: toDemoDocument(view), text: () => toDemoScreen(view, createPaint(process.stdout)) });
    if (globals.keep === true) {
      console.error(`\nThe links work until Ctrl-C; the mails are at ${stack.mailUrl}, what the warehouse got at ${stack.warehouseUrl}.`);
      await Promise.race([stop.stopped, stack.failed]);
    }
    return view.problems.length === 0 ? EXIT.ok : EXIT.failed;
  } catch (error) {
    line.clear();
    if (stop.signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    line.show('stopping');
    await stack?.close();
    await runtime.close();
    line.clear();
    await log.close();
  }
}

/** What a demonstration on a running stack needs. */
interface Stage {
  readonly stack: Stack;
  readonly settings: Settings;
  readonly log: Log;
  readonly line: ProgressLine;
  readonly stop: StopSignals;
}

async function play({ stack, settings, log, line, stop }: Stage): Promise<DemoView> {
  const pool = createPool({ url: stack.databaseUrl, max: 2, applicationName: 'hookline-demo', log });
  try {
    const store = createStore({ pool });
    await fillSampleStock(store.stock, world.now());
    const facts = await playDemo({
      stack,
      store,
      sources: toSources(settings),
      now: world.now(),
      newEventId: world.newEventId,
      onProgress: line.show,
      signal: stop.signal,
    });
    const { temporalUiUrl: uiUrl, temporalNamespace: namespace } = stack;
    return { facts, problems: checkDemo(facts), linkTo: (run) => toTemporalLink({ uiUrl, namespace, ...run }) };
  } finally {
    await pool.close();
  }
}

/** A demonstration never touches servers of the environment. */
function withoutServers(env: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && (name === 'TEMPORAL_CLI' || !name.startsWith('TEMPORAL_'))),
  );
}

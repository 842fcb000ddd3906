import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { createLog } from '../runtime/log.ts';
import { readLive } from '../runtime/pid-file.ts';
import { fillSampleStock } from '../runtime/sample-stock.ts';
import { LISTENERS } from '../runtime/settings/exposed-listeners.ts';
import { startStack, type Stack } from '../runtime/stack.ts';
import { UP_PID_FILE } from '../runtime/stack-file.ts';
import { createTracer } from '../runtime/tracing/create-tracer.ts';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';
import { holdAtStart, toHoldText } from './hold-at-start.ts';
import { holdStack } from './hold-stack.ts';
import { createProgressLine } from './progress-line.ts';
import { EXIT } from './report.ts';
import { globalsOf, settingsToServe } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { startTemporalRuntime } from './temporal-runtime.ts';
import { toScreen } from './up-screen.ts';
import { world } from './world.ts';

interface UpOptions {
  readonly fresh?: boolean;
  readonly anyPorts?: boolean;
  readonly hold?: boolean;
}

/** Starts everything, tells where it is, and ends it at Ctrl-C. */
export async function runUp(command: Command): Promise<void> {
  const globals = { ...globalsOf(command), ...command.opts<UpOptions>() };
  const { settings, given } = settingsToServe(globals, { mode: 'development', listeners: LISTENERS });
  if (globals.fresh === true) await forget(settings.data);
  const again = settingsToServe(globals, { mode: 'development', listeners: LISTENERS }); // what was made up for the first reading may just have been forgotten
  const log = createLog({ level: settings.log.level, destination: { file: join(settings.data, 'hookline.log') }, name: 'up' });
  const runtime = await startTemporalRuntime(log);
  const tracer = await createTracer({ ...world, env: process.env, service: 'hookline', log });
  const { signal, stopped } = listenForStop();
  const line = createProgressLine(process.stderr);
  let stack: Stack | undefined;
  try {
    line.show('starting');
    if (globals.hold === true) await holdStack({ settings: again.settings, log, onProgress: line.show });
    stack = await startStack({
      ...world,
      settings: again.settings,
      given,
      env: process.env,
      log,
      onProgress: line.show,
      anyPorts: globals.anyPorts === true,
      readTemporalMetrics: runtime.readMetrics,
      tracer,
      signal,
    });
    if (again.file === undefined && again.settings.database.url === undefined) await fillStock(stack, log);
    const held = await holdAtStart({ databaseUrl: stack.databaseUrl, wanted: false, log });
    line.clear();
    if (globals.json === true) console.log(JSON.stringify({ ...withoutSecrets(stack), held: held !== undefined }));
    else console.log([toScreen(stack, { colours: process.stdout.isTTY }), ...(held === undefined ? [] : [toHoldText(held)])].join('\n'));
    const name = await Promise.race([stopped, stack.failed]);
    log.info({ signal: name }, 'stopping');
  } catch (error) {
    line.clear();
    if (!signal.aborted) throw error;
  } finally {
    if (stack !== undefined) {
      line.show('stopping');
      await stack.close();
      line.clear();
    }
    await runtime.close();
    await tracer.close();
    await log.close();
  }
  process.exitCode = EXIT.ok;
}

/** Removes the data folder; refused while a stack uses it. */
async function forget(dataDir: string): Promise<void> {
  const live = await readLive(join(dataDir, UP_PID_FILE));
  if (live !== null) throw new HooklineError('stack.alreadyRunning', { got: `process ${live.pid}`, where: dataDir });
  await rm(dataDir, { recursive: true, force: true });
}

/** A machine without a settings file is there to be tried: its first order shall find goods. */
async function fillStock({ databaseUrl }: Stack, log: Log): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'hookline-cli', log });
  try {
    await fillSampleStock(createStore({ pool }).stock, world.now());
  } finally {
    await pool.close();
  }
}

function withoutSecrets({
  ingressUrl,
  publicUrl,
  adminUrl,
  temporalAddress,
  temporalNamespace,
  temporalUiUrl,
  mailUrl,
  warehouseUrl,
}: Stack): object {
  return { ingressUrl, publicUrl, adminUrl, temporalAddress, temporalNamespace, temporalUiUrl, mailUrl, warehouseUrl };
}

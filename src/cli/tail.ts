import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { toJsonLine } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { DeliveryOutcome } from '../contracts/webhook.ts';
import { ApiFailure } from './api/api-failure.ts';
import { openApi, type OpenApi } from './api/open-api.ts';
import { noteUnknownSource } from './note-unknown-source.ts';
import { createProgressLine } from './progress-line.ts';
import { globalsOf } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { createPaint } from './table.ts';
import { createTail } from './tail/create-tail.ts';
import { toTailText } from './tail/tail-line.ts';
import { createTailReader, type TailFilter } from './tail/tail-reader.ts';
import { parseSince } from './times.ts';
import { world } from './world.ts';

interface TailOptions extends TailFilter {
  readonly since?: Date;
}

const OUTCOMES: readonly DeliveryOutcome[] = ['accepted', 'duplicate', 'ignored', 'held', 'quarantined', 'refused'];
const EVERY_MS = 1_000;

/** `tail`: what happens, as it happens. */
export function addTail(program: Command): void {
  program
    .command('tail')
    .description('tell what arrives, and what becomes of it, as it happens, until Ctrl-C')
    .option('--source <name>', 'deliveries to this source')
    .option('--type <type>', 'deliveries of events of this type')
    .addOption(new Option('--outcome <outcome>', 'deliveries with this outcome').choices(OUTCOMES))
    .option('--since <time>', 'begin there: 30m, 1h, 7d ago, or ISO 8601 (default: now)', (text) => parseSince(text, world.now()))
    .action((options: TailOptions, command: Command) => tail(options, command));
}

async function tail({ since, ...filter }: TailOptions, command: Command): Promise<void> {
  const signal = AbortSignal.any([listenForStop().signal, untilReaderLeaves(process.stdout)]);
  const line = createProgressLine(process.stderr);
  const paint = createPaint(process.stdout);
  const json = globalsOf(command).json === true;
  const told = createTail({
    since,
    now: world.now,
    emit(one) {
      line.clear();
      console.log(json ? toJsonLine(one) : toTailText(one, paint));
    },
  });
  let api: OpenApi | undefined;
  let hasLooked = false;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      api ??= await openApi(command, { signal });
      await told.look(createTailReader(api, filter));
      if (!hasLooked) await noteUnknownSource(api, filter.source);
      if (!hasLooked && !json) line.show('waiting for deliveries; Ctrl-C ends');
      hasLooked = true;
    } catch (error) {
      if (signal.aborted) break;
      if (!hasLooked || !isPassing(error)) throw error;
      line.show('the admin API cannot be reached; going on when it is back');
      await api?.close();
      api = undefined; // it may come back elsewhere
    }
    await sleep(Math.max(EVERY_MS, performance.now() - startedAt), undefined, { signal }).catch(() => undefined); // stopped
  }
  line.clear();
  await api?.close();
}

/** Aborted when nobody reads a stream any more: `tail | head`. */
function untilReaderLeaves(stream: NodeJS.WriteStream): AbortSignal {
  const gone = new AbortController();
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone.abort();
  });
  return gone.signal;
}

/** Whatever ends by itself: a server that is restarted, or one behind a proxy that is still there. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof HooklineError)) return false;
  const isGateway = error instanceof ApiFailure && [502, 503, 504].includes(error.status);
  return isGateway || error.entry.retryable || error.code === 'stack.notRunning';
}

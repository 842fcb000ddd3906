import { Option, type Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { DeliveryOutcome } from '../contracts/webhook.ts';
import type { Deliveries, DeliveryRow } from '../store/deliveries.ts';
import { parseCount } from './counts.ts';
import { toCountTable, toDeliveryScreen, toDeliveryTable } from './delivery-screen.ts';
import { toDeliveryView } from './event-view.ts';
import { listDeliveries } from './list-deliveries.ts';
import { toPrintable, toPrintableLines } from './printable.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { parseSince } from './times.ts';
import { withStore } from './with-store.ts';
import { world } from './world.ts';

interface DeliveriesOptions {
  readonly source?: string;
  readonly outcome?: DeliveryOutcome;
  readonly cause?: string;
  readonly since?: Date;
  readonly limit: number;
  readonly body?: true;
}

const OUTCOMES: readonly DeliveryOutcome[] = ['accepted', 'duplicate', 'ignored', 'held', 'quarantined', 'refused'];

/** `deliveries`: every request that reached a source, refused ones included. */
export function addDeliveries(program: Command): void {
  program
    .command('deliveries')
    .description('list deliveries, refused ones included, or show one')
    .argument('[id]', "a delivery's id, or the beginning of it")
    .option('--source <name>', 'to this source')
    .addOption(new Option('--outcome <outcome>', 'with this outcome').choices(OUTCOMES))
    .option('--cause <code>', 'refused for this cause, such as signature.mismatch')
    .option('--since <time>', 'received since: 30m, 1h, 7d, or ISO 8601', (text) => parseSince(text, world.now()))
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .option('--body', 'write the body of one to stdout, byte for byte; on a terminal without control characters')
    .action(async (id: string | undefined, options: DeliveriesOptions, command: Command) => {
      if (id === undefined && options.body === true)
        throw new HooklineError('cli.usage', { expected: 'the id of a delivery before `--body`', got: 'none' });
      await withStore(command, async ({ store: { deliveries } }) => {
        if (id === undefined) return list(deliveries, options, command);
        const delivery = await findDelivery(deliveries, id);
        if (options.body === true) return writeBody(deliveries, delivery);
        const view = toDeliveryView(delivery);
        tell(globalsOf(command), { document: { delivery: view }, text: () => toDeliveryScreen(view, createPaint(process.stdout)) });
      });
    });
}

async function list(deliveries: Deliveries, options: DeliveriesOptions, command: Command): Promise<void> {
  const rows = (await listDeliveries(deliveries, options)).map(toDeliveryView);
  const counted = options.outcome === undefined || options.outcome === 'refused' ? await countsOf(deliveries, options) : [];
  tell(globalsOf(command), {
    document: { deliveries: rows, counted },
    text: () => {
      const paint = createPaint(process.stdout);
      const table = rows.length === 0 ? 'no deliveries' : toDeliveryTable(rows, paint);
      return counted.length === 0 ? table : `${table}\n\nRefused above the cap, and only counted:\n${toCountTable(counted, paint)}`;
    },
  });
}

async function countsOf(deliveries: Deliveries, { source, since, cause }: DeliveriesOptions): ReturnType<Deliveries['refusalCounts']> {
  return (await deliveries.refusalCounts({ source, since })).filter(({ code }) => cause === undefined || code === cause);
}

async function findDelivery(deliveries: Deliveries, text: string): Promise<DeliveryRow> {
  const found = await deliveries.find(text);
  const got = `\`${toPrintable(text.slice(0, 200))}\``;
  const [only] = found;
  if (only === undefined)
    throw new HooklineError('cli.notFound', {
      expected: 'the id of a delivery, or 8 characters of its beginning',
      got,
      fix: 'see `hookline deliveries`',
    });
  if (found.length === 1) return only;
  throw new HooklineError('cli.usage', {
    expected: 'the id of one delivery',
    got: `${got}, with which ${found.length} begin`,
    fix: 'give more of it',
  });
}

/** Bytes go to files and pipes as they are; a terminal would obey some of them. */
async function writeBody(deliveries: Deliveries, { id, outcome }: DeliveryRow): Promise<void> {
  const body = await deliveries.body(id);
  if (body === undefined) {
    const got = outcome === 'refused' ? 'a refused delivery, of which nothing unsigned is kept' : 'a delivery without one';
    throw new HooklineError('cli.notFound', { expected: 'a body', got, fix: 'none: its SHA-256 is in `hookline deliveries <id>`' });
  }
  await write(process.stdout.isTTY ? `${toPrintableLines(new TextDecoder().decode(body))}\n` : body);
}

function write(bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? resolve() : reject(error))); // the reader has had enough
    process.stdout.write(bytes, () => resolve());
  });
}

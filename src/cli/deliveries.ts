import { Option, type Command } from 'commander';
import { deliveries } from '../admin/api/deliveries.ts';
import { toPrintableLines } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { DeliveryOutcome } from '../contracts/webhook.ts';
import type { ApiClient } from './api/api-client.ts';
import { toCountTable, toDeliveryScreen, toDeliveryTable } from './delivery-screen.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { noteUnknownSource } from './note-unknown-source.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell, tellList } from './tell.ts';
import { withApi } from './with-api.ts';

interface DeliveriesOptions extends PageOptions, SpanOptions {
  readonly source?: string;
  readonly outcome?: DeliveryOutcome;
  readonly cause?: string;
  readonly text?: string;
  readonly body?: true;
}

const OUTCOMES: readonly DeliveryOutcome[] = ['accepted', 'duplicate', 'ignored', 'held', 'quarantined', 'refused'];

/** `deliveries`: every request that reached a source, refused ones included. */
export function addDeliveries(program: Command): void {
  const command = program
    .command('deliveries')
    .description('list deliveries, refused ones included, or show one')
    .argument('[id]', "a delivery's id, or the beginning of it")
    .option('--source <name>', 'to this source')
    .addOption(new Option('--outcome <outcome>', 'with this outcome').choices(OUTCOMES))
    .option('--cause <code>', 'refused for this cause, such as signature.mismatch');
  addPages(addSpan(command, 'received'), "the delivery's id, an event id or the detail")
    .option('--body', 'write the body of one to stdout, byte for byte; on a terminal without control characters')
    .action(async (id: string | undefined, options: DeliveriesOptions) => {
      if (id === undefined && options.body === true)
        throw new HooklineError('cli.usage', { expected: 'the id of a delivery before `--body`', got: 'none' });
      await withApi(command, async (api) => {
        if (id === undefined) return list(api, options, command);
        if (options.body === true) return writeBody(await api.ask(deliveries.body, { params: { id } }));
        const { delivery } = await api.ask(deliveries.get, { params: { id } });
        tell(globalsOf(command), { document: { delivery }, text: () => toDeliveryScreen(delivery, createPaint(process.stdout)) });
      });
    });
}

async function list(api: ApiClient, options: DeliveriesOptions, command: Command): Promise<void> {
  const { source, outcome, cause, text, since, until } = options;
  const { rows, first, next } = await readPages(options, {
    read: (page) => api.ask(deliveries.list, { query: { source, outcome, cause, text, since, until, ...page } }),
    rowsOf: (answer) => answer.deliveries,
  });
  const { counted } = first;
  if (rows.length === 0) await noteUnknownSource(api, options.source);
  tellList(globalsOf(command), {
    document: { deliveries: rows, counted },
    next,
    text: () => {
      const paint = createPaint(process.stdout);
      const table = rows.length === 0 ? 'no deliveries' : toDeliveryTable(rows, paint);
      return counted.length === 0 ? table : `${table}\n\nRefused above the cap, and only counted:\n${toCountTable(counted, paint)}`;
    },
  });
}

/** Bytes go to files and pipes as they are; a terminal would obey some of them. */
function writeBody(body: Uint8Array): Promise<void> {
  const bytes = process.stdout.isTTY ? `${toPrintableLines(new TextDecoder().decode(body))}\n` : body;
  return new Promise((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? resolve() : reject(error))); // the reader has had enough
    process.stdout.write(bytes, () => resolve());
  });
}

import type { Command } from 'commander';
import { stock } from '../admin/api/stock.ts';
import { toPrintable } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import { parseCount } from './counts.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

const LONGEST_SKU = 255;

/** `stock`: what is on hand. */
export function addStock(program: Command): void {
  program
    .command('stock')
    .description('show what is on hand, or set it')
    .argument('[sku]', 'of one article')
    .option('--set <n>', 'have so many on hand from now on, whatever orders hold already', parseCount({ min: 0, max: 999_999_999 }))
    .action(async (sku: string | undefined, { set }: { readonly set?: number }, command: Command) => {
      if (sku !== undefined || set !== undefined) requireSku(sku);
      await withApi(command, async (api) => {
        const { stock: levels } =
          sku !== undefined && set !== undefined
            ? await api.ask(stock.set, { body: { levels: [{ sku, available: set }] } })
            : await api.ask(stock.list, { query: { sku } });
        if (sku !== undefined && levels.length === 0)
          throw new HooklineError('cli.notFound', {
            expected: 'a sku',
            got: `\`${toPrintable(sku.slice(0, LONGEST_SKU))}\``,
            fix: 'see `hookline stock`, or add it with `--set`',
          });
        const rows = levels.map((level) => [level.sku, String(level.available)]);
        tell(globalsOf(command), {
          document: { stock: levels },
          text: () => (rows.length === 0 ? 'no stock' : toTable({ head: ['sku', 'available'], rows }, createPaint(process.stdout))),
        });
      });
    });
}

function requireSku(sku: string | undefined): void {
  if (sku === undefined) throw new HooklineError('cli.usage', { expected: 'a sku before `--set`', got: 'none' });
  if (sku === '' || sku.length > LONGEST_SKU || toPrintable(sku) !== sku)
    throw new HooklineError('cli.usage', {
      expected: `a sku of 1 to ${LONGEST_SKU} characters, no control characters among them`,
      got: 'another',
    });
}

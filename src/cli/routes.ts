import type { Command } from 'commander';
import { routes } from '../admin/api/routes.ts';
import type { RouteView } from '../admin/to-routes.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

interface RoutesOptions {
  readonly source?: string;
  readonly type?: string;
}

/** `routes`: which event of which source calls for which chains. */
export function addRoutes(program: Command): void {
  program
    .command('routes')
    .description('list which event types of which sources go to which chains, by the code and the settings of now')
    .option('--source <name>', 'of this source')
    .option('--type <type>', 'of this type: canonical, or the one that the provider gives it')
    .action(async ({ source, type }: RoutesOptions, command: Command) => {
      await withApi(
        command,
        async (api) => {
          const document = await api.ask(routes.list, { query: { source, type } });
          tell(globalsOf(command), {
            document,
            text: () => (document.routes.length === 0 ? 'no routes' : toRouteTable(document.routes, createPaint(process.stdout))),
          });
        },
        { database: false },
      );
    });
}

/** Routes, one line each. */
export function toRouteTable(rows: readonly RouteView[], paint: Paint): string {
  const cells = rows.map(({ source, providerType, type, chains: wanted, excluded }): readonly Cell[] => [
    source,
    providerType,
    type,
    excluded !== null
      ? { text: `none: ${excluded}`, tone: 'faint' }
      : wanted.map(({ name, filtered }) => (filtered ? `${name} (when its filter says so)` : name)).join(', ') || {
          text: 'none: no chain wants it',
          tone: 'faint',
        },
  ]);
  return toTable({ head: ['source', "provider's type", 'type', 'chains'], rows: cells }, paint);
}

import type { Command } from 'commander';
import { toSources } from '../contracts/settings.ts';
import { events } from '../events/catalogue.gen.ts';
import type { EventDefinition } from '../events/define-event.ts';
import { chains } from '../workflows/catalogue.gen.ts';
import type { Chain } from '../workflows/define-chain.ts';
import { toRoutes, type RouteView } from './routes/to-routes.ts';
import { globalsOf, settingsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';

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
    .action(({ source, type }: RoutesOptions, command: Command) => {
      const { settings } = settingsOf(globalsOf(command), 'development');
      const known: readonly EventDefinition[] = events;
      const all: readonly Chain[] = chains;
      const routes = toRoutes({ sources: toSources(settings), events: known, chains: all }).filter(
        (route) =>
          (source === undefined || route.source === source) && (type === undefined || [route.type, route.providerType].includes(type)),
      );
      tell(globalsOf(command), {
        document: { routes },
        text: () => (routes.length === 0 ? 'no routes' : toRouteTable(routes, createPaint(process.stdout))),
      });
    });
}

function toRouteTable(routes: readonly RouteView[], paint: Paint): string {
  const rows = routes.map(({ source, providerType, type, chains: wanted, excluded }): readonly Cell[] => [
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
  return toTable({ head: ['source', "provider's type", 'type', 'chains'], rows }, paint);
}

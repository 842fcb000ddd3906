import { routes } from '../../admin/api/routes.ts';
import { sources } from '../../admin/api/sources.ts';
import { switches } from '../../admin/api/switches.ts';
import { HooklineError } from '../../contracts/errors.ts';
import type { Source } from '../../contracts/webhook.ts';
import type { ApiClient } from '../api/api-client.ts';
import { toSwitchName } from '../switch-screen.ts';
import { DRILL_PROVIDER } from './choose-drill-source.ts';
import type { DrillRoute } from './drill-facts.ts';

/** What an installation says of a source before a drill posts anything. */
export interface DrillStage {
  /** The whole URL at which providers reach the source. */
  readonly sourceUrl: string;
  /** By type: those that go to a chain whatever they say. */
  readonly routes: ReadonlyMap<string, DrillRoute>;
}

/**
 * Asks the admin API what the drill can count on. Throws `cli.usage` where the installation has another source of this name, or a switch is
 * set for which runs would wait.
 */
export async function readStage(api: ApiClient, { name }: Pick<Source, 'name'>): Promise<DrillStage> {
  const view = (await api.ask(sources.list, {})).sources.find((one) => one.name === name);
  if (view?.provider !== DRILL_PROVIDER)
    throw new HooklineError('cli.usage', {
      expected: `the same source \`${name}\` in the installation as in the settings here`,
      got: view === undefined ? 'none' : `one of provider \`${view.provider}\``,
      fix: 'name its settings by `--config`',
    });
  const listed = (await api.ask(routes.list, { query: { source: name } })).routes;
  const byType = new Map(
    listed
      .filter(({ excluded, chains }) => excluded === null && chains.some(({ filtered }) => !filtered))
      .map(({ providerType, chains }) => [
        providerType,
        {
          always: chains.filter(({ filtered }) => !filtered).map((chain) => chain.name),
          maybe: chains.filter(({ filtered }) => filtered).map((chain) => chain.name),
        },
      ]),
  );
  await refuseStopped(api, { source: name, chains: new Set([...byType.values()].flatMap(({ always, maybe }) => [...always, ...maybe])) });
  return { sourceUrl: view.url, routes: byType };
}

/** An agent or an adapter may be that of any chain. */
async function refuseStopped(
  api: ApiClient,
  { source, chains }: { readonly source: string; readonly chains: ReadonlySet<string> },
): Promise<void> {
  const stops = (await api.ask(switches.list, {})).switches.filter(
    ({ kind, name }) => (kind !== 'source' || name === source) && (kind !== 'chain' || chains.has(name)),
  );
  if (stops.length === 0) return;
  throw new HooklineError('cli.usage', {
    expected: 'an installation in which the runs of a drill can end',
    got: `${stops.map((one) => `\`${toSwitchName(one)}\``).join(', ')} set`,
    fix: 'wait until it is released or resumed: see `hookline switches`',
  });
}

import type { Source } from '../contracts/webhook.ts';
import type { EventDefinition } from '../events/define-event.ts';
import { excludeByType } from '../ingress/type-list.ts';
import type { Chain } from '../workflows/define-chain.ts';

/** One type of one source, and the chains that it calls for. */
export interface RouteView {
  readonly source: string;
  readonly providerType: string;
  /** Canonical, or `provider:type`. */
  readonly type: string;
  /** Whether a chain has a filter of its own (`when`), which decides event by event. */
  readonly chains: readonly { readonly name: string; readonly filtered: boolean }[];
  /** Which list of the source keeps the type from every chain; null where none does. */
  readonly excluded: string | null;
}

/** What routing goes by. */
export interface RoutingTables {
  readonly sources: readonly Source[];
  readonly events: readonly Pick<EventDefinition, 'type' | 'from'>[];
  readonly chains: readonly Pick<Chain, 'name' | 'on' | 'when'>[];
}

/** Every type that a source may send and an event type or a chain knows, in order of source, canonical type and the provider's own. */
export function toRoutes({ sources, events, chains }: RoutingTables): readonly RouteView[] {
  return sources.flatMap((source) =>
    typesOf(source.provider, { events, chains }).map(({ providerType, type }): RouteView => ({
      source: source.name,
      providerType,
      type,
      chains: chains.filter(({ on }) => typesOfChain(on).includes(type)).map(({ name, when }) => ({ name, filtered: when !== undefined })),
      excluded: excludeByType(source, { provider: source.provider, providerType, type })?.detail ?? null,
    })),
  );
}

interface TypePair {
  readonly providerType: string;
  readonly type: string;
}

function typesOf(provider: string, { events, chains }: Omit<RoutingTables, 'sources'>): readonly TypePair[] {
  const mapped = events.flatMap(({ type, from }) => Object.keys(from[provider] ?? {}).map((providerType) => ({ providerType, type })));
  const raw = new Set(chains.flatMap(({ on }) => typesOfChain(on)).filter((type) => type.startsWith(`${provider}:`)));
  const unmapped = [...raw].map((type) => ({ providerType: type.slice(provider.length + 1), type }));
  return [...mapped, ...unmapped].toSorted((a, b) => compare(a.type, b.type) || compare(a.providerType, b.providerType));
}

function typesOfChain(on: Chain['on']): readonly string[] {
  return typeof on === 'string' ? [on] : on;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { toWorkflowId } from '../contracts/ids.ts';
import type { Route } from '../contracts/inbox.ts';
import type { JsonValue } from '../contracts/json.ts';
import { sayThrown } from '../events/_say-thrown.ts';
import type { Chain } from '../workflows/define-chain.ts';

/** What routing needs of a chain. */
export type RoutableChain = Pick<Chain, 'name' | 'on' | 'ledger' | 'when'>;

/** An event that is mapped and projected, on its way to its chains. */
export interface RoutableEvent {
  readonly source: string;
  /** Normalised. */
  readonly eventId: string;
  readonly type: string;
  readonly data: JsonValue;
  readonly test: boolean;
}

/** The chains that an event calls for, or why that could not be told. */
export type Routing =
  | { readonly ok: true; readonly routes: readonly Route[] }
  | { readonly ok: false; readonly code: 'route.whenFailed'; readonly detail: string };

/**
 * Routes an event to every chain whose `on` is or names its type and whose `when`, if it has one, says true. The chain's name
 * stands in the workflow id only where there are several. One `when` that throws, or says neither true nor false, fails the whole
 * routing: half the chains of an event would be a guess.
 */
export function createRouter(chains: readonly RoutableChain[]): (event: RoutableEvent) => Routing {
  const byType = new Map<string, RoutableChain[]>();
  for (const chain of chains) for (const type of typesOf(chain)) byType.set(type, [...(byType.get(type) ?? []), chain]);
  return ({ source, eventId, type, data, test }) => {
    const wanted: RoutableChain[] = [];
    for (const chain of byType.get(type) ?? []) {
      const verdict = judge(chain, { source, type, data, test });
      if (typeof verdict === 'string')
        return { ok: false, code: 'route.whenFailed', detail: `\`when\` of chain \`${chain.name}\`: ${verdict}` };
      if (verdict) wanted.push(chain);
    }
    const several = wanted.length > 1;
    return {
      ok: true,
      routes: wanted.map(({ name, ledger = name }) => ({
        chain: name,
        ledger,
        workflowId: toWorkflowId(source, eventId, several ? name : undefined),
      })),
    };
  };
}

/** The types of a chain, each once. */
function typesOf({ on }: RoutableChain): ReadonlySet<string> {
  return new Set(typeof on === 'string' ? [on] : on);
}

/** What `when` says, or what is wrong with it. */
function judge(chain: RoutableChain, event: Pick<RoutableEvent, 'source' | 'type' | 'data' | 'test'>): boolean | string {
  if (chain.when === undefined) return true;
  try {
    const verdict: unknown = chain.when(event as Parameters<typeof chain.when>[0]); // its type is one of the chain's, and its data were projected by it
    return typeof verdict === 'boolean' ? verdict : `expected true or false, got ${typeof verdict}`;
  } catch (error) {
    return `threw ${sayThrown(error)}`;
  }
}

import type { RefusalReason } from './head.ts';

/** The lists of a source by which its event types go to chains, or do not. */
export interface TypeLists {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Every name of one event's type. */
export interface TypeNames {
  readonly provider: string;
  /** The provider's own: `orders/create`. */
  readonly providerType: string;
  /** Canonical, or `provider:type` where no event type of ours knows it. */
  readonly type: string;
}

/**
 * Why a source keeps an event from its chains; `undefined` where it does not. Each entry is a whole name or the beginning of one
 * and `*`, upper and lower case apart; it may name the canonical type, `provider:type`, or the provider's own type. `exclude` goes
 * before `include`. The detail names the type and the list, and nothing of the payload.
 */
export function excludeByType(
  { include, exclude = [] }: TypeLists,
  { provider, providerType, type }: TypeNames,
): RefusalReason | undefined {
  const names = [...new Set([type, `${provider}:${providerType}`, providerType])];
  const excluding = exclude.find((entry) => names.some((name) => matches(entry, name)));
  if (excluding !== undefined) return { code: 'event.typeExcluded', detail: `\`${type}\` is excluded by \`${excluding}\`` };
  if (include === undefined || include.some((entry) => names.some((name) => matches(entry, name)))) return undefined;
  return { code: 'event.typeExcluded', detail: `\`${type}\` is not among what the source includes` };
}

function matches(entry: string, name: string): boolean {
  return entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry;
}

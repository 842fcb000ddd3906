import { HooklineError } from '../../contracts/errors.ts';
import type { Source } from '../../contracts/webhook.ts';
import { toPrintable } from '../../admin/printable.ts';

/**
 * The source to which a provider's sample goes: the one that is named, else the one called like the provider, else the only one of
 * the provider. Throws `cli.usage` with the list of what there is.
 */
export function chooseSource(
  sources: readonly Source[],
  { provider, named }: { readonly provider: string; readonly named?: string | undefined },
): Source {
  const fitting = sources.filter((source) => source.provider === provider);
  const names = fitting.map(({ name }) => `\`${name}\``).join(', ');
  if (named !== undefined) {
    const source = fitting.find(({ name }) => name === named);
    if (source !== undefined) return source;
    throw new HooklineError('cli.usage', {
      expected: `a source of provider \`${provider}\``,
      got: `\`${toPrintable(named)}\``,
      fix: fitting.length === 0 ? 'add one to the settings' : `there are ${names}`,
    });
  }
  const own = fitting.find(({ name }) => name === provider) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (own !== undefined) return own;
  throw new HooklineError('cli.usage', {
    expected: `one source of provider \`${provider}\``,
    got: fitting.length === 0 ? 'none' : `${fitting.length}`,
    fix: fitting.length === 0 ? 'add one to the settings' : `choose by \`--source\`: ${names}`,
  });
}

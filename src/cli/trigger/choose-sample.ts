import { HooklineError } from '../../contracts/errors.ts';
import { providers } from '../../providers/catalogue.gen.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../../providers/define-provider.ts';
import { nearestName } from '../../runtime/settings/nearest-name.ts';
import { toPrintable } from '../../admin/printable.ts';

/** A provider, and how a sample of one of its types is made. */
export interface ChosenSample {
  readonly provider: ProviderDefinition;
  readonly make: (context: SampleContext) => Sample;
}

/** The sample of a provider's type; throws `cli.usage` with the list of what there is. */
export function chooseSample(name: string, type: string): ChosenSample {
  const known: readonly ProviderDefinition[] = providers;
  const provider = known.find((one) => one.name === name);
  if (provider === undefined) throw unknown({ what: 'a provider', got: name, known: known.map((one) => one.name) });
  const make = Object.hasOwn(provider.sample, type) ? provider.sample[type] : undefined;
  if (make === undefined)
    throw unknown({ what: `a type of which \`${name}\` has a sample`, got: type, known: Object.keys(provider.sample) });
  return { provider, make };
}

function unknown({ what, got, known }: { readonly what: string; readonly got: string; readonly known: readonly string[] }): HooklineError {
  const near = nearestName(got, known);
  const list = `there are ${known.map((one) => `\`${one}\``).join(', ')}`;
  return new HooklineError('cli.usage', {
    expected: what,
    got: `\`${toPrintable(got.slice(0, 200))}\``,
    fix: near === undefined ? list : `did you mean \`${near}\`? ${list}`,
  });
}

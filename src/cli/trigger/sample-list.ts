import { providers } from '../../providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../providers/define-provider.ts';

/** Every provider, and the types of which it has a sample, one provider a line; for `--help`. */
export function toSampleList(): string {
  const known: readonly ProviderDefinition[] = providers;
  const width = Math.max(...known.map(({ name }) => name.length)) + 2;
  return known.map(({ name, sample }) => `  ${name.padEnd(width)}${Object.keys(sample).join(', ')}`).join('\n');
}

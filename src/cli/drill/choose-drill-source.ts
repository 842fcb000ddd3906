import type { Source } from '../../contracts/webhook.ts';
import { HooklineError } from '../../contracts/errors.ts';
import { toPrintable } from '../../admin/printable.ts';

/** The provider whose envelope a drill writes, with its mark of test traffic. */
export const DRILL_PROVIDER = 'hookline';

/**
 * The source that a drill may post to: one of provider `hookline` that reads events where its contract has them, and whose test traffic is
 * dry. Throws `cli.usage` for any other, with those that there are.
 */
export function chooseDrillSource(sources: readonly Source[], name: string): Source {
  const names = sources.filter(isFit).map((one) => `\`${one.name}\``);
  const fix =
    names.length === 0
      ? `add a source of provider \`${DRILL_PROVIDER}\` to the settings, such as one for drills alone`
      : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  const source = sources.find((one) => one.name === name);
  if (source !== undefined && isFit(source)) return source;
  throw new HooklineError('cli.usage', {
    expected: `a source of provider \`${DRILL_PROVIDER}\` whose test traffic is dry`,
    got: source === undefined ? `\`${toPrintable(name.slice(0, 200))}\`, which the settings do not have` : toWhyNot(source),
    fix,
  });
}

function isFit({ provider, test, options }: Source): boolean {
  return provider === DRILL_PROVIDER && test !== 'live' && placesOf(options).length === 0;
}

function toWhyNot({ name, provider, test, options }: Source): string {
  if (provider !== DRILL_PROVIDER) return `\`${name}\`, which is of provider \`${provider}\``;
  if (test === 'live') return `\`${name}\`, whose test traffic reaches real adapters: \`sources.${name}.test\` is \`live\``;
  return `\`${name}\`, which looks for events elsewhere: ${placesOf(options)
    .map((place) => `\`sources.${name}.${place}\``)
    .join(', ')}`;
}

/** The settings by which a source reads events elsewhere than an envelope has them. */
function placesOf(options: Source['options']): readonly string[] {
  return (['id', 'type', 'time', 'data'] as const).filter((place) => options[place] !== undefined);
}

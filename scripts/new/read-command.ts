import { parseArgs } from 'node:util';
import { isThingKind } from './thing-kinds.ts';
import type { ThingKind } from './thing-name.ts';

/** What `npm run new` was asked for. */
export interface NewCommand {
  readonly kind: ThingKind;
  readonly name: string;
  readonly dryRun: boolean;
}

/** Reads the command line; `undefined` where it is not understood. */
export function readCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>): NewCommand | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false, // what is too much is answered with the usage
    options: { 'dry-run': { type: 'boolean' } },
  });
  const [kind = '', name, ...others] = positionals;
  const unknown = Object.keys(values).some((option) => option !== 'dry-run');
  if (!isThingKind(kind) || name === undefined || others.length > 0 || unknown) return undefined;
  // npm takes `--dry-run` for its own where no `--` stands before it, and passes it on like this
  return { kind, name, dryRun: values['dry-run'] === true || env['npm_config_dry_run'] === 'true' };
}

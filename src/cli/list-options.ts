import { Option, type Command } from 'commander';
import { parseCount } from './counts.ts';
import { parseSince } from './times.ts';
import { world } from './world.ts';

/** How much of a list is wanted, and from where on. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: true;
}

/** From when on, and until when. */
export interface SpanOptions {
  readonly since?: Date;
  readonly until?: Date;
}

/** Adds `--since` and `--until`; `what` is what has happened in that time, such as `received`. */
export function addSpan(command: Command, what: string): Command {
  const parse = (text: string): Date => parseSince(text, world.now());
  return command
    .option('--since <time>', `${what} since: 30m, 1h, 7d ago, or ISO 8601`, parse)
    .option('--until <time>', `${what} before: the same`, parse);
}

/** Adds `--text`, `--limit`, `--cursor` and `--all`; `where` is what a text is looked for in. */
export function addPages(command: Command, where: string): Command {
  return command
    .option('--text <text>', `with this text in ${where}`)
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .option('--cursor <cursor>', 'go on where the list before has ended')
    .addOption(new Option('--all', 'to the end of the list').conflicts('limit'));
}

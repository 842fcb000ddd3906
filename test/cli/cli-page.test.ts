import { readFile } from 'node:fs/promises';
import { Command, type Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { EXIT } from '../../src/cli/report.ts';

const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const program = new Command();
for (const addTo of commands) addTo(program);

/** The options of a command, and of those that it is made of. */
function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}

/** What stands under the heading that names a command. */
function chapterOf(name: string): string {
  return page.split(/^## /m).find((chapter) => chapter.split('\n', 1)[0]?.split(', ').includes(name)) ?? '';
}

describe('docs/cli.md', () => {
  test.each(program.commands.map((command) => [command.name(), command] as const))(
    'tells every option of `%s`, gives an example, and its exit codes',
    (name, command) => {
      const chapter = chapterOf(name);
      expect(
        optionsOf(command)
          .map(({ flags }) => flags)
          .filter((flags) => !chapter.includes(`\`${flags}\``)),
      ).toEqual([]);
      expect(chapter).toMatch(/^```sh\nnpm (?:start|run demo|run hookline) -- /m);
      expect(chapter).toContain('Exit codes: 0');
    },
  );

  test('tells every exit code', () => {
    expect(Object.values(EXIT).filter((code) => !page.includes(`\n| ${code} | `))).toEqual([]);
  });

  test('tells no option that is not there', () => {
    const known = [...optionsOf(program).map(({ long }) => long), '--config', '--data', '--api', '--json', '--help'];
    expect([...new Set(page.match(/--[a-z][a-z-]*/g))].filter((option) => !known.includes(option))).toEqual([]);
  });
});

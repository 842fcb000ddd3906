import { join } from 'node:path';
import { addThing } from './new/add-thing.ts';
import { readCommand } from './new/read-command.ts';
import { THING_KINDS } from './new/thing-kinds.ts';

const USAGE = `npm run new <kind> <name> [-- --dry-run]

  kind   ${THING_KINDS.join(', ')}
  name   kebab-case, such as parcel-sent; of an event its type, such as parcel.sent

Writes the file and its test, puts it into the generated lists, and says what to do next.`;

const EXIT = { failed: 1, usage: 2 } as const;

const command = readCommand(process.argv.slice(2), process.env);
const added = command && (await addThing({ root: join(import.meta.dirname, '..'), ...command }));
if (command === undefined || added === undefined) {
  console.error(USAGE);
  process.exitCode = EXIT.usage;
} else if (!added.ok) {
  console.error(`${added.problem}\nfix: ${added.fix}`);
  process.exitCode = EXIT.failed;
} else {
  const [written, edited] = command.dryRun ? ['would write', 'would edit '] : ['written', 'edited '];
  for (const path of added.files) console.log(`${written}  ${path}`);
  for (const path of added.changed) console.log(`${edited}  ${path}`);
  console.log(`\nNext:\n${added.next.map((line) => `- ${line}`).join('\n')}`);
}

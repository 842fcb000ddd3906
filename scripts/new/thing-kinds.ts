import type { ThingKind, ThingName } from './thing-name.ts';

/** One file of a new thing: the template that it is made of, and where it goes, relative to the root with `/`. */
export interface ThingFile {
  readonly template: string;
  readonly path: string;
}

/** How things of a kind are made. */
export interface ThingRecipe {
  /** The file that is edited first stands first. */
  readonly files: (name: ThingName) => readonly ThingFile[];
  /** What is left to do, a line each. */
  readonly next: (name: ThingName) => readonly string[];
}

/** Every kind of thing that has "one file per thing" and a test beside it. */
export const thingKinds: Readonly<Record<ThingKind, ThingRecipe>> = {
  provider: {
    files: ({ file }) => [
      { template: 'provider', path: `src/providers/${file}.ts` },
      { template: 'provider.test', path: `test/providers/${file}.test.ts` },
    ],
    next: ({ file }) => [
      "describe the vendor's signature in `scheme`, and where its events have id, type and time; name its page in the comment",
      'give `sample` a realistic payload for each type',
      `add a source of it to hookline.yaml: \`${file}: { provider: ${file}, secrets: ['\${${envOf(file)}_SECRET}'] }\``,
      "map its types in `from` of the events' files, or have a chain listen to a raw type: `on: '" + `${file}:thing.happened` + "'`",
    ],
  },
  event: {
    files: ({ file }) => [
      { template: 'event', path: `src/events/${file}.ts` },
      { template: 'event.test', path: `test/events/${file}.test.ts` },
    ],
    next: ({ file, type }) => [
      'name in the schema what chains need, and nothing beside it',
      'map the payload of each provider that sends it, in `from`',
      `write a chain for it: \`npm run new chain <name>\`, then \`on: '${type}'\` in its file`,
      `test it: \`npm test -- --project unit test/events/${file}.test.ts\``,
    ],
  },
  agent: {
    files: ({ file }) => [
      { template: 'agent', path: `src/activities/agents/${file}.ts` },
      { template: 'agent.test', path: `test/activities/agents/${file}.test.ts` },
    ],
    next: ({ file }) => [
      'replace `note` by actions of its own: `stateAction` for our own tables, `effectAction` for everything outside',
      'after each new action: `npm run generate`, which tells the chains of it',
      `test it: \`npm test -- --project unit test/activities/agents/${file}.test.ts\``,
    ],
  },
  chain: {
    files: ({ file }) => [
      { template: 'chain', path: `src/workflows/chains/${file}.ts` },
      { template: 'chain.test', path: `test/workflows/chains/${file}.test.ts` },
      { template: 'chain.cases', path: `scripts/record/cases/${file}.ts` },
    ],
    next: ({ file }) => [
      `say in \`on\` which event it is for (it is for \`hookline:${file}\` now), and in \`run\` what is to be done`,
      `give scripts/record/cases/${file}.ts an event of that type, and a case for each way through the chain`,
      `test it in plain Node: \`npm test -- --project unit test/workflows/chains/${file}.test.ts\``,
      `record its histories, without which \`npm test\` fails: \`npm run record ${file}\``,
    ],
  },
};

/** The kinds, in the order in which they are told. */
export const THING_KINDS = ['provider', 'event', 'agent', 'chain'] as const satisfies readonly ThingKind[];

/** Tells whether a text is a kind, own keys only. */
export function isThingKind(text: string): text is ThingKind {
  return Object.hasOwn(thingKinds, text);
}

function envOf(file: string): string {
  return file.replaceAll('-', '_').toUpperCase();
}

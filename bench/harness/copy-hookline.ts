import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainShape } from './chain-system.ts';

const ROOT = join(import.meta.dirname, '../..');
const STEPS = join(import.meta.dirname, '../hookline/steps.ts');

/** What a copy does with pushes: the example counts them, or a chain of three actions. */
export type CopiedChain = 'count-push' | ChainShape;

/**
 * Copies the sources of this checkout into a folder, with a chain on GitHub's pushes in its place and in the catalogue, as
 * examples/github-push/README.md tells; nothing else is changed.
 */
export async function copyHookline(folder: string, chain: CopiedChain): Promise<string> {
  const copy = join(folder, 'hookline');
  await mkdir(copy, { recursive: true });
  await cp(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  if (chain === 'count-push') {
    const example = await readFile(join(ROOT, 'examples/github-push/count-push.ts'), 'utf8');
    await addChain(copy, 'count-push', swap(example, '../../src/workflows/define-chain.ts', '../define-chain.ts'));
  } else {
    await addAgent(copy);
    await addChain(copy, 'three-steps', toThreeSteps(chain));
  }
  return copy;
}

async function addChain(copy: string, name: string, text: string): Promise<void> {
  await writeFile(join(copy, `src/workflows/chains/${name}.ts`), text);
  await list(join(copy, 'src/workflows/catalogue.gen.ts'), { name: 'added', file: `./chains/${name}.ts`, into: 'chains = [' });
}

async function addAgent(copy: string): Promise<void> {
  const text = await readFile(STEPS, 'utf8');
  await writeFile(join(copy, 'src/activities/agents/steps.ts'), swap(text, '../../src/activities/define-agent.ts', '../define-agent.ts'));
  await list(join(copy, 'src/activities/catalogue.gen.ts'), { name: 'steps', file: './agents/steps.ts', into: 'agents = [' });
  const facts = join(copy, 'src/workflows/actions.gen.ts');
  const inside = "inside: { kind: 'state', retry: 'patient', timeoutMs: 2000 }";
  const outside = "outside: { kind: 'effect', retry: 'patient', timeoutMs: 30000 }";
  const steps = `actionFacts = { steps: { ${inside}, ${outside} },`;
  await writeFile(facts, swap(await readFile(facts, 'utf8'), 'actionFacts = {', steps));
}

async function list(
  catalogue: string,
  { name, file, into }: { readonly name: string; readonly file: string; readonly into: string },
): Promise<void> {
  const listed = swap(await readFile(catalogue, 'utf8'), into, `${into}${name}, `);
  await writeFile(catalogue, `import ${name} from '${file}';\n${listed}`);
}

function toThreeSteps(shape: ChainShape): string {
  const later = shape === 'mixed' ? 'outside' : 'inside';
  return `import { defineChain } from '../define-chain.ts';

export default defineChain({
  name: 'three-steps',
  on: 'github:push',
  summary: ({ data }) => data.repository.full_name,

  async run(_event, { agents }) {
    await agents.steps.inside({ step: 'first' });
    await agents.steps.${later}({ step: 'second' });
    await agents.steps.${later}({ step: 'third' });
  },
});
`;
}

function swap(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`expected \`${from}\` once`);
  return text.replace(from, to);
}

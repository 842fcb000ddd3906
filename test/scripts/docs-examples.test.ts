import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import hookline from '../../src/providers/hookline.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { formatProblem } from '../../src/runtime/settings/settings-problem.ts';
import { ROOT, compileCopy } from './copy-of-sources.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'];
const SECRET = '9f2c1b7e4a6d8035c1e9f7a2b4d60813';
const ENV = {
  SHOPIFY_SECRET: SECRET,
  ORDERS_SECRET: SECRET,
  ORDERS_SECRET_OLD: SECRET,
  WAREHOUSE_SECRET: `whsec_${Buffer.from(SECRET).toString('base64')}`,
  DATABASE_URL: 'postgres://hookline@db.shop.example/hookline',
  SMTP_PASSWORD: 'of-the-mail-server',
};

const examples = (await Promise.all(PAGES.map(examplesOf))).flat();
const settingsFile = {
  page: 'examples/hookline.example.yaml',
  language: 'yaml',
  text: await readFile(join(ROOT, 'examples/hookline.example.yaml'), 'utf8'),
};
const chains = examples.filter(({ language }) => language === 'ts');

const MISSPELLINGS = [
  ['order.created', 'order.creatd'],
  ['inventory', 'inventry'],
  ['reserve', 'resreve'],
  ['customer', 'custmer'],
  ['order.lines', 'order.lins'],
  ['orderId', 'orderID'],
] as const;

let folder: string;
let compiled: string;

// One compilation of the chains as they stand in the documents, and of the first one with a mistake each.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-docs-'));
  const good = chains.map(({ text }, index) => [`src/workflows/chains/example-${index}.ts`, text] as const);
  const bad = MISSPELLINGS.map(
    ([right, wrong]) => [`src/workflows/chains/misspelt-${wrong}.ts`, (chains[0]?.text ?? '').replaceAll(right, wrong)] as const,
  );
  compiled = await compileCopy({ room: 'workflows', files: new Map([...good, ...bad]) });
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('examples in the documents', () => {
  test.each([settingsFile, ...examples.filter(({ language }) => language === 'yaml')])(
    'the settings in $page start production',
    async ({ text }) => {
      await put('hookline.yaml', text);
      await put('secrets/crm', `${SECRET}\n`);
      const loaded = loadSettings({ cwd: folder, env: ENV, mode: 'production' });
      expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
    },
  );

  test('the chains compile where they belong', () => {
    expect(chains.map(({ page }) => page)).toEqual(['README.md', 'CONTRIBUTING.md']);
    expect(linesAbout('example-', compiled)).toEqual([]);
  });

  test.each(MISSPELLINGS)('a chain with `%s` misspelt as `%s` does not compile', (_right, wrong) => {
    expect(linesAbout(`misspelt-${wrong}.ts`, compiled)).toEqual(
      expect.arrayContaining([expect.stringContaining(wrong.split('.').pop() ?? wrong)]),
    );
  });

  test('every npm script that a document names is there', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    }; // npm checks its form
    const pages = await Promise.all(PAGES.map((page) => readFile(join(ROOT, page), 'utf8')));
    const named = [...pages.join('\n').matchAll(/npm (?:run ([a-z]+)|(start|test))/g)].map(([, run, own]) => run ?? own ?? '');
    expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('the signature that the README makes is accepted', async () => {
    await put('.hookline/secrets.json', JSON.stringify({ sources: { orders: SECRET } }));
    const post = examples.find(({ text }) => text.includes('signature=$('))?.text ?? '';
    const script = `${post.slice(0, post.indexOf('curl '))}\nprintf '%s\\n%s' "$signature" "$body"`;
    const { stdout } = await promisify(execFile)('sh', ['-euc', script], { cwd: folder });
    const [signature = '', body = ''] = stdout.split('\n');
    const lines: readonly (readonly [string, string])[] = [['x-webhook-signature', `sha256=${signature}`]];
    const all = (name: string): readonly string[] => lines.filter(([header]) => header === name.toLowerCase()).map(([, value]) => value);
    const headers = { lines, all, one: (name: string): string | undefined => all(name)[0] };
    expect(hookline.verify({ headers, body: Buffer.from(body) }, { secrets: [SECRET], now: new Date(0) })).toEqual({
      ok: true,
      secretIndex: 0,
    });
  });
});

interface Example {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

async function examplesOf(page: string): Promise<readonly Example[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', example = '']) => ({ page, language, text: example }));
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function linesAbout(file: string, output: string): readonly string[] {
  return output.split('\n').filter((line) => line.includes(`/${file}`) && line.includes('error TS'));
}

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toSources, type Settings } from '../../src/contracts/settings.ts';
import { formatProblem } from '../../src/runtime/settings/settings-problem.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { startIngress, type TestIngress } from '../ingress/ingress-fixture.ts';
import { linesOf, runCli } from './run-cli.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/deployment.md'), 'utf8');
const examples = [...sectionOf('TLS without a proxy').matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const [make, , post] = examples;
const yaml = examples.find(({ language }) => language === 'yaml')?.text ?? '';

let cwd: string;
let settings: Settings;
let listener: TestIngress;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-tls-page-'));
  await promisify(execFile)('sh', ['-euc', make?.text ?? ''], { cwd });
  await writeFile(join(cwd, 'hookline.yaml'), yaml);
  const loaded = loadSettings({ cwd, env: {}, mode: 'development', binding: { listeners: ['ingress', 'admin'], now: new Date() } });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  ({ settings } = loaded);
  listener = await startIngress({
    sources: toSources(settings).filter(({ provider }) => provider === 'hookline'),
    tls: settings.ingress.tls,
  });
});
afterAll(async () => {
  await listener.ingress.close();
  await rm(cwd, { recursive: true, force: true });
});

describe('`TLS without a proxy` of docs/deployment.md', () => {
  test('makes a key that its owner alone can read', async () => {
    expect((await stat(join(cwd, 'tls/key.pem'))).mode & 0o077).toBe(0);
  });

  test('posts to the listener that its settings make', async () => {
    const [, variable = '', file = '', command = ''] = /^(\w+)=(\S+) npm run hookline -- (.*)$/m.exec(post?.text ?? '') ?? [];
    const args = command.replace('localhost:8787', `localhost:${listener.port}`).split(' ');
    const { code, stdout, stderr } = await runCli([...args, '--json'], { cwd, env: { [variable]: file } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)).toMatchObject([{ httpStatus: 200, status: 'accepted' }]);
  });
});

describe('`Webhooks on a laptop` of docs/deployment.md', () => {
  test('gives settings that can be used, and the port that the listener has', async () => {
    const section = sectionOf('Webhooks on a laptop');
    await writeFile(join(cwd, 'laptop.yaml'), /^```yaml\n(.*?)^```$/ms.exec(section)?.[1] ?? '');
    const loaded = loadSettings({ cwd, env: {}, mode: 'development', file: 'laptop.yaml' });
    if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
    expect(loaded.settings).toMatchObject({ publicUrl: 'https://hooks.example', ingress: { trustProxy: ['127.0.0.1'] } });
    const ports = [...section.matchAll(/(?:127\.0\.0\.1:|(?:http|funnel) )(\d{4})\b/g)].map(([, port]) => Number(port));
    expect(ports.length).toBeGreaterThan(4);
    expect(new Set(ports)).toEqual(new Set([loaded.settings.ingress.port]));
  });
});

function sectionOf(title: string): string {
  return page.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';
}

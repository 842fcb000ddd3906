import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf, processTree, runCli, startCli, survivorsOf } from './run-cli.ts';

interface Story {
  readonly title: string;
  readonly webhooks: readonly { readonly answer: { readonly status: string } }[];
}

let cwd: string;
/** A temporary folder of the demo's own, so that one can see what it leaves there. */
let env: { readonly TMPDIR: string };

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  env = { TMPDIR: await mkdtemp(join(tmpdir(), 'hookline-cli-')) };
});

afterAll(async () => {
  for (const folder of [cwd, env.TMPDIR]) await rm(folder, { recursive: true, force: true });
});

test('the demo ends with 0: all is as it should be, and nothing is left', { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await runCli(['demo', '--json'], {
    cwd,
    env: { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' },
  });
  expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
  const [document = {}] = linesOf(stdout);
  expect(document).toMatchObject({ ok: true, problems: [] });
  const { stories } = document as { readonly stories: readonly Story[] }; // asserted next
  expect(stories.map(({ title, webhooks }) => [title, webhooks.map(({ answer }) => answer.status).join(' ')])).toEqual([
    ['New order', 'accepted accepted accepted duplicate'],
    ['Orders of any shop', 'accepted accepted accepted'],
    ['Customer updated', 'accepted accepted accepted'],
    ['Ticket changed', 'accepted accepted accepted accepted duplicate accepted'],
    ['User registered', 'accepted'],
    ['Nothing to do', 'ignored ignored refused'],
  ]);
  expect(document['mails']).toHaveLength(7);
  expect(document['warehouse']).toHaveLength(4);
  expect(document['notices']).toHaveLength(3);
  expect(document['profiles']).toHaveLength(2);
  expect(document['orders']).toHaveLength(4); // the payment has made none of its own
  expect(await readdir(env.TMPDIR)).toEqual([]);
});

test('Ctrl-C ends a demo that is kept, and leaves neither process nor folder', { timeout: 120_000 }, async () => {
  const demo = startCli(['demo', '--keep'], { cwd, env });
  await demo.said('until Ctrl-C');
  const processes = await processTree(demo.pid);
  const { code, stdout } = await demo.signal('SIGINT');
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ {2}New order +Shopify: order placed +200 accepted +new-order +4 of 4 +done/);
  expect(stdout).toContain('✓ all is as it should be');
  expect(await survivorsOf(processes)).toEqual([]);
  expect(await readdir(env.TMPDIR)).toEqual([]);
});

test('Ctrl-C ends a demo that is starting with 130, and leaves neither process nor folder', { timeout: 120_000 }, async () => {
  const demo = startCli(['demo'], { cwd, env });
  await demo.said('creating the PostgreSQL cluster');
  const processes = await processTree(demo.pid);
  expect(await demo.signal('SIGINT')).toMatchObject({ code: 130, stdout: '' });
  expect(await survivorsOf(processes)).toEqual([]);
  expect(await readdir(env.TMPDIR)).toEqual([]);
});

test('a demo takes no settings of others', async () => {
  expect(await runCli(['demo', '--data', 'elsewhere'], { cwd, env })).toMatchObject({ code: 2, stdout: '' });
});

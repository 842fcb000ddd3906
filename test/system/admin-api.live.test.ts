import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCli, type CliResult } from '../cli/run-cli.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startHookline, type HooklineProcess } from '../support/hookline-process.ts';
import { postRaw } from '../support/raw-http.ts';

const SECRET = randomBytes(16).toString('hex');

let folder: string;
let database: TestDatabase;
let admin: HooklineProcess;
let ingress: HooklineProcess;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [folder, database] = await Promise.all([mkdtemp(join(tmpdir(), 'hookline-admin-')), createDatabase()]);
  env = { DATABASE_URL: database.url, SHOP_SECRET: SECRET, WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}` };
  await writeFile(
    join(folder, 'hookline.yaml'),
    `
sources: { shop: { provider: hookline, secrets: ['\${SHOP_SECRET}'] } }
ingress: { port: 0 }
admin: { port: 0, auth: always }
temporal: { address: '${inject('temporalAddress')}', uiUrl: 'http://ui.example' }
mail: { smtp: 'smtp://127.0.0.1:1', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: 'http://127.0.0.1:1/orders', secret: '\${WAREHOUSE_SECRET}' }
`,
  );
  const config = join(folder, 'hookline.yaml');
  [admin, ingress] = await Promise.all([startHookline('admin', { config, env }), startHookline('ingress', { config, env })]);
});
afterAll(async () => {
  await Promise.all([admin, ingress].map((process) => process?.kill()));
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (process: HooklineProcess, path: string, token?: string): Promise<{ readonly status: number; readonly body: string }> => {
  const url = new URL(String(process.lines.find(({ msg }) => msg === 'ready')?.['admin_url']));
  return postRaw(Number(url.port), { method: 'GET', path, headers: token === undefined ? [] : [['Authorization', `Bearer ${token}`]] });
};
const token = (...args: readonly string[]): Promise<CliResult> => runCli(['token', ...args], { cwd: folder, env });

test('a token of the command line opens the API of the admin process and the metrics of every other, until it is removed', async () => {
  expect((await ask(admin, '/api/sources')).status).toBe(401);
  const made = await token('add', 'grafana', '--role', 'viewer', '--json');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const { token: secret } = JSON.parse(made.stdout) as { readonly token: string }; // the command's document
  const { status, body } = await ask(admin, '/api/sources', secret);
  expect([status, JSON.parse(body)]).toMatchObject([200, { sources: [{ name: 'shop', secrets: 1, newest: null }] }]);
  expect(body).not.toContain(SECRET);

  expect((await ask(ingress, '/metrics')).status).toBe(401);
  expect((await ask(ingress, '/metrics', secret)).status).toBe(200);
  expect((await ask(ingress, '/api/sources', secret)).status).toBe(404);
  expect((await ask(ingress, '/healthz')).status).toBe(200);

  expect((await token('list')).stdout).toMatch(/grafana +viewer +no +20\d\d-/);
  expect((await token('list', '--json')).stdout).not.toContain(secret);
  expect(await token('add', 'grafana', '--role', 'admin')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('a name that no token has'),
  });
  expect(await token('add', 'Not A Name', '--role', 'admin')).toMatchObject({ code: 2 });
  expect(await token('remove', 'grafana')).toMatchObject({ code: 0, stdout: 'the token `grafana` is removed\n' });
  expect(await token('remove', 'grafana')).toMatchObject({ code: 3 });
  expect((await ask(admin, '/api/sources', secret)).status).toBe(401);
});

test('the admin process says that it is ready, and ends in order', async () => {
  const made = JSON.parse((await token('add', 'probe', '--role', 'viewer', '--json')).stdout) as { readonly token: string }; // as above
  await expect.poll(async () => (await ask(admin, '/readyz', made.token)).status).toBe(200);
  expect(JSON.parse((await ask(admin, '/readyz', made.token)).body)).toMatchObject({ role: 'admin', phase: 'serving' });
  expect(await admin.stop()).toBe(0);
});

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { MUTANTS } from '../../scripts/drill/mutants.ts';
import { makePatchedCopy } from '../../scripts/drill/patched-copy.ts';
import { linesOf, runCli, type CliResult } from '../cli/run-cli.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startHookline, type HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { createNamespace } from '../support/temporal.ts';

// An installation as production has it, a process each; the command asks the API in its own process, over the database.
let cwd: string;
let database: TestDatabase;
let temporal: Awaited<ReturnType<typeof createNamespace>>;
let smtp: ScriptedSmtp;
let env: Readonly<Record<string, string>>;
let ingress: HooklineProcess;
let worker: HooklineProcess;
const processes: HooklineProcess[] = [];
const configs = { dry: '', live: '' };

const start = async (command: 'ingress' | 'worker', config: string, cli?: string): Promise<HooklineProcess> => {
  const started = await startHookline(command, { config, env, cli });
  processes.push(started);
  return started;
};
const drill = (...args: readonly string[]): Promise<CliResult> =>
  runCli(['drill', ...args, '--url', `http://127.0.0.1:${ingress.port}`], { cwd, env });
const verdictOf = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await drill(...args, '--source', 'erp', '--rate', '100', '--json');
  return { code, stderr, verdict: linesOf(stdout)[0] ?? {} };
};
const rulesOf = ({ violations }: Readonly<Record<string, unknown>>): readonly string[] => [
  ...new Set((violations as readonly { readonly rule: string }[]).map(({ rule }) => rule)), // of a verdict
];
/** Everything that agents have written. */
const worldOf = async (): Promise<readonly unknown[]> => {
  const tables = ['stock', 'reservations', 'entities', 'analytics', 'payments', 'customer_revisions', 'crm_profiles', 'team_notices'];
  const text = `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`;
  return (await database.pool.query<object>({ name: 'test.world', text })).rows;
};
/** While `use` runs, PostgreSQL changes each new event as it is written: a guard that is broken without a line of ours. */
const whileEventsAre = async <Result>(change: string, use: () => Promise<Result>): Promise<Result> => {
  const run = (verb: string, text: string) => database.pool.query({ name: `test.${verb}Breaker${change.length}`, text });
  await run('make', `CREATE FUNCTION test_break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change} RETURN NEW; END $$`);
  await run('set', 'CREATE TRIGGER test_break BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION test_break()');
  try {
    return await use();
  } finally {
    await run('drop', 'DROP FUNCTION test_break CASCADE');
  }
};

beforeAll(async () => {
  [cwd, database, temporal, smtp] = await Promise.all([
    mkdtemp(join(tmpdir(), 'hookline-drilled-')),
    createDatabase(),
    createNamespace(inject('temporalAddress')),
    startScriptedSmtp(),
  ]);
  env = {
    DATABASE_URL: database.url,
    ERP_SECRET: randomBytes(32).toString('hex'),
    WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  };
  const toYaml = (mode: keyof typeof configs): string => `
sources:
  erp: { provider: hookline, secrets: ['\${ERP_SECRET}'], test: ${mode} }
ingress: { port: 0 }
temporal: { address: '${inject('temporalAddress')}', namespace: '${temporal.namespace}' }
mail: { smtp: '${smtp.url}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: 'http://127.0.0.1:1/orders', secret: '\${WAREHOUSE_SECRET}' }
http: { allow: ['127.0.0.1'] }
starter: { leaseMs: 5000 }
worker: { shutdownGraceMs: 2000 }
`;
  for (const mode of ['dry', 'live'] as const) {
    configs[mode] = join(cwd, mode === 'dry' ? 'hookline.yaml' : 'live.yaml');
    await writeFile(configs[mode], toYaml(mode));
  }
  [ingress, worker] = await Promise.all([start('ingress', configs.dry), start('worker', configs.dry)]);
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await Promise.all([database.close(), temporal.close(), smtp.close()]);
  await rm(cwd, { recursive: true, force: true });
});

/** A process starts and ends for each drill. */
const LONG_MS = 120_000;

describe('`hookline drill` against a running installation', () => {
  test(
    'finds each event of a storm once, each copy a duplicate, each effect once, and leaves nothing outside and no entity',
    { timeout: LONG_MS },
    async () => {
      const world = await worldOf();
      const { code, stderr, verdict } = await verdictOf('duplicate-storm', '--events', '16', '--seed', '7');
      expect(verdict).toMatchObject({
        drill: 'duplicate-storm',
        source: 'erp',
        seed: 7,
        ok: true,
        stoppedEarly: false,
        counts: { sent: 20, acknowledged: 20, runs: { done: 16 } },
        violations: [],
        violationCount: 0,
        idsBegin: expect.stringMatching(/^drill-7-/) as string,
      });
      const { tries, duplicates, effects } = verdict['counts'] as {
        readonly tries: number;
        readonly duplicates: number;
        readonly effects: Readonly<Record<string, number>>;
      }; // of a verdict
      expect({ code, tries: tries >= 15 * 6 + 5, duplicates: duplicates >= 15 * 5 }).toEqual({ code: 0, tries: true, duplicates: true });
      expect(Object.keys(effects)).toEqual(
        expect.arrayContaining(['crm.mergeProfile', 'email.sendOrderConfirmation', 'payments.markPaid']),
      );
      expect(stderr).toMatch(/^sending: /m);
      expect([await worldOf(), smtp.received]).toEqual([world, []]);
    },
  );

  test('holds where changes come newest first, and where all come at once, and says so to a person', { timeout: LONG_MS }, async () => {
    const call = (name: string) => drill(name, '--source', 'erp', '--events', '12', '--rate', '100', '--seed', '7');
    for (const { code, stdout } of await Promise.all([call('reorder'), call('burst')])) {
      expect(stdout).toMatch(
        /✓ each acknowledged event stands once.*\n\nWhat stays behind are rows: `hookline events --source erp --text drill-7-/,
      );
      expect(code).toBe(0);
    }
  });

  test('fails, by name, where every delivery is an event of its own', { timeout: LONG_MS }, async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'dedupe');
    if (mutant === undefined) throw new Error('expected the mutant `dedupe`');
    const copy = join(cwd, 'copy');
    await makePatchedCopy(copy, mutant.patch);
    const sound = ingress;
    ingress = await start('ingress', configs.dry, join(copy, 'src/cli/hookline.ts'));
    const { code, verdict } = await verdictOf('duplicate-storm', '--events', '10', '--seed', '7');
    await ingress.stop();
    ingress = sound;
    expect({ code, ok: verdict['ok'], rules: rulesOf(verdict) }).toEqual({
      code: 1,
      ok: false,
      rules: expect.arrayContaining(['event.doubled', 'drill.vacuous']) as readonly string[],
    });
  });

  test('sends nothing that a chain wants where the listener keeps test traffic as any other', { timeout: LONG_MS }, async () => {
    const { code, verdict } = await whileEventsAre('NEW.test := false;', () => verdictOf('quiet'));
    expect({ code, rules: rulesOf(verdict) }).toEqual({ code: 1, rules: ['event.live'] });
    expect(verdict).toMatchObject({ ok: false, stoppedEarly: true, counts: { sent: 4, runs: {} } });
  });

  test('sends one event and no more where the worker lets test traffic out', { timeout: LONG_MS }, async () => {
    await worker.stop();
    worker = await start('worker', configs.live);
    const { code, verdict } = await verdictOf('burst');
    expect({ code, rules: rulesOf(verdict) }).toEqual({ code: 1, rules: ['effect.live'] });
    expect(verdict).toMatchObject({
      ok: false,
      stoppedEarly: true,
      counts: { sent: 5, runs: { done: 1 }, effects: { 'payments.markPaid': 1 } },
    });
    expect(smtp.received).toEqual([]);
  });
});

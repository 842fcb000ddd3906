import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, runCli, startCli, type CliResult, type RunningCli } from '../cli/run-cli.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';

const SECRET = '7d1f0c52b9a84e3fa6c1d20b5e87f493';
/** Orders that one outage has made fail, beside the one that is repaired by itself. */
const MANY = 3;
const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
/** Every command line of the page, in its order. */
const lines = [...page.matchAll(/^npm run hookline -- (.*)$/gm)].map(([, line = '']) => line);

// One real stack with a prepared incident of each kind; ids that the page makes up stand for those of the incidents.
let smtp: ScriptedSmtp;
let cwd: string;
let up: RunningCli;
let ids: Readonly<Record<string, string>>;
const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd });
const json = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> =>
  linesOf((await call(...args, '--json')).stdout)[0] ?? {};
const sendOrder = async (...args: readonly string[]): Promise<string> =>
  String((await json('trigger', 'shopify', 'orders/create', ...args, '--wait'))['eventId']);
const typed = (line: string): readonly string[] =>
  Object.entries(ids)
    .reduce((text, [made, real]) => text.replaceAll(made, real), line)
    .match(/"[^"]*"|\S+/g)
    ?.map((word) => word.replaceAll('"', '')) ?? [];

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  cwd = await mkdtemp(join(tmpdir(), 'hookline-operations-'));
  await writeFile(
    join(cwd, 'hookline.yaml'),
    `sources: { shopify: { provider: shopify, secrets: ['${SECRET}'] }, drills: { provider: hookline, secrets: ['${SECRET}'] } }\nmail: { smtp: '${smtp.url}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }\n`,
  );
  up = startCli(['up', '--any-ports', '--json'], { cwd });
  await up.firstLine;

  smtp.script.afterDot = 'drop';
  const unknown = await sendOrder();
  smtp.script.afterDot = '250 taken';
  smtp.script.atRecipient = '550 no such user';
  const failed = await sendOrder();
  for (let more = 0; more < MANY; more++) await sendOrder();
  smtp.script.atRecipient = '250 ok';
  await call('trigger', 'shopify', 'orders/create', '--tamper');
  await call('trigger', 'shopify', 'orders/create', '--set', 'line_items=[]');
  const { deliveries } = await json('deliveries', '--outcome', 'refused', '--limit', '1');
  const { event } = await json('events', failed);
  const [refused] = deliveries as readonly { readonly id: string }[]; // asserted by the tests
  const { entity } = event as { readonly entity: { readonly id: string } }; // likewise
  ids = { evt_84ea1b03cced516d: failed, evt_5ad0c1e7b2f94836: unknown, '01a20c4b-9122': refused?.id ?? '', 'shopify:1001': entity.id };
});
afterAll(async () => {
  await up.signal('SIGINT');
  await smtp.close();
  await rm(cwd, { recursive: true, force: true });
});

describe('docs/operations.md', () => {
  test('shows, before anything is repaired, each incident by the command that it names', async () => {
    const { findings, healthy } = await json('doctor');
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'worker', level: 'ok' }),
        expect.objectContaining({ check: 'effects', level: 'warn', found: '1 unknown: nobody knows whether it has happened' }),
        expect.objectContaining({ check: 'runs', level: 'warn', found: `${2 + MANY} failed` }),
      ]),
    );
    expect(healthy).toBe(true);
    expect(await json('effects', '--state', 'unknown')).toMatchObject({ effects: [{ eventId: ids['evt_5ad0c1e7b2f94836'] }] });
    expect(await json('runs', '--state', 'failed', '--code', 'effect.unknown')).toMatchObject({
      runs: [{ eventId: ids['evt_5ad0c1e7b2f94836'], chain: 'new-order', state: 'failed' }],
    });
    expect(await json('events', '--state', 'quarantined')).toMatchObject({ events: [{ code: 'event.schemaMismatch' }] });
    expect(await json('sources')).toMatchObject({
      sources: [
        { name: 'drills', newest: null },
        { name: 'shopify', secrets: 1, newest: { outcome: 'quarantined' } },
      ],
    });
  });

  test.each([
    ['evt_84ea1b03cced516d', 'failed', 'mail.refused'],
    ['evt_5ad0c1e7b2f94836', 'failed', 'effect.unknown'],
    ['order shopify:1001', 'failed', 'mail.refused'],
    ['01a20c4b-9122', 'refused', 'signature.mismatch'],
  ])('says why %s stands as it does', async (what, verdict, code) => {
    expect(await json('why', ...typed(what))).toMatchObject({ explanations: [{ verdict, code }] });
  });

  test.each(lines)('its line `%s` works', async (line) => {
    const asks = line.startsWith('resolve') || (line.startsWith('replay --failed') && !line.includes('--dry-run'));
    const args = [...typed(line), ...(asks ? ['--yes'] : [])]; // nobody is there to ask
    expect(await call(...args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/./) as string });
  });

  test('leaves nothing that has failed when its lines were followed, and one mail for each order', async () => {
    await expect
      .poll(() => json('runs', '--state', 'done', '--source', 'shopify'), { timeout: 30_000, interval: 300 })
      .toMatchObject({
        runs: Array.from({ length: 2 + MANY }, () => ({ attempt: 2 })),
      });
    expect(await json('runs', '--state', 'failed')).toMatchObject({ runs: [] });
    expect(await json('effects', '--state', 'unknown')).toMatchObject({ effects: [] });
    expect(smtp.received).toHaveLength(2 + MANY);
    expect(await json('why', ids['evt_84ea1b03cced516d'] ?? '')).toMatchObject({ explanations: [{ verdict: 'done' }] });
  });

  test('stops all mail with one line while orders come in, says so, and lets every one go once with another', async () => {
    const before = smtp.received.length;
    await call('pause', 'agent', 'email', '--reason', 'wrong template');
    const { eventId } = await json('trigger', 'shopify', 'orders/create');
    await expect
      .poll(() => json('why', String(eventId)), { timeout: 20_000, interval: 300 })
      .toMatchObject({ explanations: [{ verdict: 'paused', said: expect.stringContaining('wrong template') as string }] });
    expect(await json('switches')).toMatchObject({ switches: [{ verb: 'pause', kind: 'agent', name: 'email', reason: 'wrong template' }] });
    expect(smtp.received).toHaveLength(before);
    await call('resume', 'agent', 'email');
    await expect.poll(() => smtp.received.length, { timeout: 40_000 }).toBe(before + 1);
  });

  test('keeps what a held source sends, and has it go its way once it is released', async () => {
    const before = smtp.received.length;
    await call('hold', 'shopify');
    await expect
      .poll(() => json('trigger', 'shopify', 'orders/create'), { timeout: 10_000, interval: 500 })
      .toMatchObject({ status: 'held' });
    expect(await json('events', '--state', 'held')).toMatchObject({ events: [{ code: 'event.held' }] });
    await call('release', 'shopify');
    await expect.poll(() => json('events', '--state', 'held'), { timeout: 20_000, interval: 300 }).toMatchObject({ events: [] });
    await expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBeGreaterThan(before);
  });

  test('tells who has done all of it', async () => {
    const { audit } = await json('audit');
    expect((audit as readonly { readonly action: string }[]).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['event.replay', 'effect.resolve', 'switch.set', 'switch.clear', 'token.add', 'token.remove']),
    );
  });
});

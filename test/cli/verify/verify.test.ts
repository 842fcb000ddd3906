import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { judgeRequest } from '../../../src/cli/verify/judge-request.ts';
import { runBatch } from '../../../src/cli/verify/run-batch.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../../src/providers/define-provider.ts';

const CLI = fileURLToPath(new URL('../../../src/cli/hookline.ts', import.meta.url));
const NOW = new Date('2026-11-24T12:00:00Z');
const SECRET = 'plain-secret-of-the-test';
const ALL: readonly ProviderDefinition[] = providers;

/** The command as a shell would call it, in a folder where nothing is. */
function run(args: readonly string[], stdin: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, 'verify', ...args], { cwd: '/' }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}

const hub = (body: string, secret = SECRET): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('the command', () => {
  const args = ['--provider', 'github', '--secret', SECRET, '--header', 'X-GitHub-Delivery: d-1', '--header', 'x-github-event:push'];

  it('says ok, and which event it is', async () => {
    const { code, stdout } = await run([...args, '--header', `X-Hub-Signature-256: ${hub('{"a":1}')}`], '{"a":1}');
    expect([code, stdout]).toEqual([0, 'ok\nsecret  number 1 of those given\nevent   d-1\ntype    push\n']);
  });

  it('names the cause, what has probably gone wrong, and what to do', async () => {
    const { code, stdout } = await run([...args, '--header', `X-Hub-Signature-256: ${hub('{"a":1}')}`], '{"a":1}\n');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused\ncode +signature\.mismatch\n/);
    expect(stdout).toContain('the signature fits the body without the newline at its end: something adds one\n');
    expect(stdout).toMatch(/\nfix +set the source's secret/);
    expect(stdout).not.toContain(SECRET);
  });

  it('speaks JSON to programs', async () => {
    const { code, stdout } = await run([...args, '--json', '--secret', 'other'], '{}');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      code: 'signature.missing',
      detail: 'header `X-Hub-Signature-256`',
      secretIndex: null,
      eventIds: [],
      eventType: null,
    });
  });

  it.each([
    ['no provider', []],
    ['a provider that is not there', ['--provider', 'githib']],
    ['a header without a name', ['--provider', 'github', '--header', 'nothing']],
    ['a time that is none', ['--provider', 'github', '--now', 'yesterday']],
  ])('refuses a command line with %s', async (_case, wrong) => {
    const { code, stderr } = await run(wrong, '');
    expect([code, stderr.startsWith('error: cli.usage')]).toEqual([2, true]);
  });

  it('judges JSON lines', async () => {
    const lines = [
      {
        id: 1,
        provider: 'github',
        secret: SECRET,
        headers: { 'x-HUB-signature-256': hub('{}'), 'X-GitHub-Delivery': 'd', 'X-GitHub-Event': 'push' },
        body: '{}',
      },
      { id: 'two', provider: 'github', secret: 'other', headers: { 'X-Hub-Signature-256': hub('{}') }, body: '{}' },
    ];
    const { code, stdout } = await run(['--batch'], lines.map((line) => JSON.stringify(line)).join('\n'));
    expect([code, stdout]).toEqual([
      0,
      '{"id":1,"ok":true,"code":null,"eventIds":["d"],"eventType":"push"}\n{"id":"two","ok":false,"code":"signature.mismatch","eventIds":[],"eventType":null}\n',
    ]);
  });
});

describe('a batch', () => {
  const judge = async (
    ...lines: readonly unknown[]
  ): Promise<{ readonly all: boolean; readonly answers: readonly unknown[]; readonly complaints: readonly string[] }> => {
    const answers: unknown[] = [];
    const complaints: string[] = [];
    const input = Readable.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`));
    const all = await runBatch({
      input,
      clock: () => NOW,
      print: (line) => answers.push(JSON.parse(line)),
      complain: (line) => complaints.push(line),
    });
    return { all, answers, complaints };
  };
  const stripe = (atSeconds: number, secret = SECRET): Readonly<Record<string, string>> => ({
    'stripe-signature': `t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.{}`).digest('hex')}`,
  });
  const nowS = NOW.getTime() / 1_000;
  const item = { id: 'x', provider: 'stripe', secret: SECRET, headers: stripe(nowS - 400), body: '{}' };

  it('judges the age by `now`, by the clock without it, and not at all with null', async () => {
    const { answers } = await judge(
      item,
      { ...item, now: nowS - 200 },
      { ...item, now: null },
      { ...item, toleranceSeconds: 400 },
      { ...item, toleranceSeconds: 399 },
    );
    expect(answers).toMatchObject([{ code: 'signature.stale' }, { ok: true }, { ok: true }, { ok: true }, { code: 'signature.stale' }]);
  });

  it('takes a second secret, a list of values of a header, and what no provider of today needs', async () => {
    const more = { scheme: 'v1', keyId: 'k', certificate: 'c', method: 'POST', url: 'https://x.example/', legacy: false, now: null };
    const { answers } = await judge(
      { ...item, ...more, secret: 'new', secondarySecret: SECRET },
      { ...item, ...more, secondarySecret: null },
      { ...item, ...more, headers: { 'Stripe-Signature': [...Object.values(item.headers), 't=1'] } },
    );
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: false, code: 'signature.duplicate' }]);
  });

  it('accepts an outdated scheme only where the line says so', async () => {
    const old = {
      id: 1,
      provider: 'github',
      secret: SECRET,
      body: '{}',
      headers: { 'X-Hub-Signature': `sha1=${createHmac('sha1', SECRET).update('{}').digest('hex')}` },
    };
    expect((await judge(old, { ...old, legacy: true })).answers).toMatchObject([
      { ok: false, code: 'signature.missing' },
      { ok: true, code: null },
    ]);
  });

  it('accepts a signed body that is no JSON, and says what hinders reading it', async () => {
    const { answers } = await judge({
      id: 1,
      provider: 'github',
      secret: SECRET,
      body: 'text',
      headers: { 'X-Hub-Signature-256': hub('text'), 'X-GitHub-Delivery': 'd-1', 'X-GitHub-Event': 'push' },
    });
    expect(answers).toEqual([{ id: 1, ok: true, code: 'body.notJson', eventIds: ['d-1'], eventType: 'push' }]);
  });

  it('answers every line, in order, also those that cannot be judged, and says so', async () => {
    const wrong = [
      'no JSON',
      '[1]',
      { ...item, provider: 'githib' },
      { ...item, provider: undefined },
      { ...item, secret: 7 },
      { ...item, headers: { a: 1 } },
      { ...item, body: null },
      { ...item, now: 'soon' },
      { ...item, toleranceSeconds: -1 },
    ];
    const { all, answers, complaints } = await judge('', ...wrong, { ...item, id: 'last', now: null });
    expect(all).toBe(false);
    expect(answers).toHaveLength(wrong.length + 1);
    expect(answers.at(-1)).toMatchObject({ id: 'last', ok: true });
    for (const answer of answers.slice(0, -1))
      expect(answer).toMatchObject({ ok: false, code: 'cli.usage', eventIds: [], eventType: null });
    expect(complaints[0]).toBe('line 2: expected one JSON object a line');
    expect(complaints).toHaveLength(wrong.length);
  });

  it('takes an empty secret, or one that is no key, as what it is', async () => {
    const { answers } = await judge(
      { ...item, secret: '' },
      { ...item, secret: null },
      {
        ...item,
        provider: 'standard-webhooks',
        secret: 'whsec_!',
        headers: { 'webhook-id': '1', 'webhook-timestamp': '1', 'webhook-signature': `v1,${'A'.repeat(43)}=` },
      },
    );
    expect(answers).toMatchObject([{ code: 'settings.secretWeak' }, { code: 'settings.secretWeak' }, { code: 'settings.secretWeak' }]);
  });

  it('is not moved by names of prototypes', async () => {
    const line = '{"id":1,"provider":"constructor","secret":"s","headers":{"__proto__":"x"},"body":"{}","__proto__":{"legacy":true}}';
    expect((await judge(line)).answers).toMatchObject([{ id: 1, ok: false, code: 'cli.usage' }]);
    expect(({} as { legacy?: unknown }).legacy).toBeUndefined();
  });
});

describe('every sample of every provider', () => {
  const samples = ALL.flatMap((provider) => Object.entries(provider.sample).map(([type, make]) => ({ provider, type, make })));

  it.each(samples)('$provider.name $type is accepted, and read', ({ provider, type, make }) => {
    const { headers, body } = make({ now: NOW, id: '0123456789abcdef' });
    const bytes = Buffer.from(JSON.stringify(body));
    const signed = { ...headers, ...provider.sign({ body: bytes, secret: SECRET, now: NOW, headers }) };
    const judged = judgeRequest({ provider: provider.name, headers: Object.entries(signed), body: bytes, secrets: [SECRET], now: NOW });
    expect(judged).toMatchObject({ ok: true, code: null, secretIndex: 0, eventType: type });
    expect(judged.eventIds).toHaveLength(1);
  });
});

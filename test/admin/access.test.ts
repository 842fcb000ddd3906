import { describe, expect, test } from 'vitest';
import { createAccess, type AccessRequest } from '../../src/admin/access.ts';
import { makeToken, toTokenHash } from '../../src/admin/make-token.ts';
import { HooklineError } from '../../src/contracts/errors.ts';
import type { TokenRights } from '../../src/store/tokens.ts';

const TOKEN = makeToken((size) => Buffer.alloc(size, 7));
const RIGHTS: TokenRights = { name: 'grafana', role: 'viewer', payloads: false };
const from = (remoteAddress: string, headers: AccessRequest['headers'] = {}): AccessRequest => ({ socket: { remoteAddress }, headers });
const withToken = { authorization: `Bearer ${TOKEN}` };

function make({ trustProxy = [] as readonly string[], encrypted = true } = {}) {
  const state = { down: false, removed: false, now: Date.UTC(2026, 0, 1), asked: 0 };
  const access = createAccess({
    trustProxy,
    auth: 'remote',
    encrypted,
    async findToken(sha256) {
      state.asked += 1;
      if (state.down) throw new HooklineError('postgres.unavailable');
      return !state.removed && sha256.equals(toTokenHash(TOKEN) ?? Buffer.alloc(0)) ? RIGHTS : undefined;
    },
    now: () => new Date(state.now),
  });
  return { access, state };
}

describe('who is at this machine', () => {
  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('is an admin without a token, from %s', async (address) => {
    expect(await make().access.identify(from(address))).toEqual({ actor: 'local', role: 'admin', payloads: true });
  });

  test.each([
    ['anna', 'local (anna)'],
    ['Ada.L-1@host', 'local (Ada.L-1@host)'],
    ['\u001b[31mroot\u202e\n', 'local (31mroot)'],
    ['(x)', 'local (x)'],
    [' ', 'local'],
    ['a'.repeat(500), `local (${'a'.repeat(64)})`],
  ])('is called by the name that the command line sends, cleaned: %j', async (name, actor) => {
    expect(await make().access.identify(from('127.0.0.1', { 'x-hookline-operator': name }))).toMatchObject({ actor });
  });

  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host', 'x-forwarded-proto', 'cf-connecting-ip', 'cdn-loop'])(
    'is not whom a proxy speaks for (%s)',
    async (name) => {
      const request = from('127.0.0.1', { [name]: '127.0.0.1' });
      await expect(make().access.identify(request)).rejects.toMatchObject({ code: 'api.unauthenticated' });
    },
  );

  test('is not a declared proxy that runs there', async () => {
    const { access } = make({ trustProxy: ['127.0.0.1'] });
    await expect(access.identify(from('127.0.0.1'))).rejects.toMatchObject({ code: 'api.unauthenticated' });
    expect(await access.identify(from('127.0.0.1', withToken))).toMatchObject({ actor: 'grafana' });
  });
});

describe('whose address nobody knows', () => {
  test.each(['', 'unknown', '256.1.1.1'])('comes from beyond (%j)', async (address) => {
    await expect(make().access.identify(from(address))).rejects.toMatchObject({ code: 'api.unauthenticated' });
    await expect(make({ encrypted: false }).access.identify(from(address, withToken))).rejects.toMatchObject({ code: 'api.forbidden' });
  });
});

describe('a token', () => {
  test('is asked for each time, so that a removed one is refused at once', async () => {
    const { access, state } = make();
    expect(await access.identify(from('203.0.113.9', withToken))).toEqual({ actor: 'grafana', role: 'viewer', payloads: false });
    state.removed = true;
    await expect(access.identify(from('203.0.113.9', withToken))).rejects.toMatchObject({ code: 'api.unauthenticated' });
    expect(state.asked).toBe(2);
  });

  test('that was good a quarter of an hour ago at most is believed while PostgreSQL cannot be asked', async () => {
    const { access, state } = make();
    await access.identify(from('203.0.113.9', withToken));
    state.down = true;
    state.now += 14 * 60_000;
    expect(await access.identify(from('203.0.113.9', withToken), { believing: true })).toMatchObject({ actor: 'grafana' });
    state.now += 2 * 60_000;
    await expect(access.identify(from('203.0.113.9', withToken), { believing: true })).rejects.toMatchObject({
      code: 'postgres.unavailable',
    });
  });

  test('is not believed where that is not for metrics: a pool without a free connection looks like an outage', async () => {
    const { access, state } = make();
    await access.identify(from('203.0.113.9', withToken));
    state.down = state.removed = true;
    await expect(access.identify(from('203.0.113.9', withToken))).rejects.toMatchObject({ code: 'postgres.unavailable' });
  });

  test('that was removed is not believed when PostgreSQL goes away after', async () => {
    const { access, state } = make();
    await access.identify(from('203.0.113.9', withToken));
    state.removed = true;
    await expect(access.identify(from('203.0.113.9', withToken))).rejects.toMatchObject({ code: 'api.unauthenticated' });
    state.down = true;
    await expect(access.identify(from('203.0.113.9', withToken), { believing: true })).rejects.toMatchObject({
      code: 'postgres.unavailable',
    });
  });

  test('that is none by its form is not asked for at all', async () => {
    const { access, state } = make();
    for (const text of ['hlk_short', `${TOKEN}x`, 'x'.repeat(4_000)])
      await expect(access.identify(from('203.0.113.9', { authorization: `Bearer ${text}` }))).rejects.toMatchObject({
        code: 'api.unauthenticated',
      });
    expect(state.asked).toBe(0);
  });

  test('has 256 bits, and its hash is not itself', () => {
    expect(TOKEN).toMatch(/^hlk_[A-Za-z0-9_-]{43}$/);
    expect(toTokenHash(TOKEN)).toHaveLength(32);
    expect(makeToken((size) => Buffer.alloc(size, 8))).not.toBe(TOKEN);
  });
});

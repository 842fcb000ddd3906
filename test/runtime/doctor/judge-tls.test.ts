import { describe, expect, test } from 'vitest';
import type { CertificateFacts, TlsPair } from '../../../src/ingress/tls-pair.ts';
import { judgeTls, type ListenerFacts } from '../../../src/runtime/doctor/judge-tls.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const inDays = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const NONE = Buffer.alloc(0);
const pairOf = (wish: Partial<CertificateFacts> = {}): TlsPair => ({
  ok: true,
  cert: NONE,
  key: NONE,
  facts: {
    validFrom: inDays(-1),
    validTo: inDays(60),
    count: 2,
    selfSigned: false,
    names: (host) => host === 'hooks.example',
    ...wish,
  },
});
const judge = (wish: Partial<ListenerFacts> = {}) =>
  judgeTls({ listener: 'ingress', trustProxy: [], pair: pairOf(), publicHost: 'hooks.example', now: NOW, ...wish });

describe('the TLS of a listener', () => {
  test('is good with a certificate that names the public host, for long enough, with its chain', () => {
    expect(judge()).toEqual([
      { check: 'tls', level: 'ok', found: 'the certificate is valid for 60 more days', fix: null },
      { check: 'tls name', level: 'ok', found: 'the certificate names `hooks.example`', fix: null },
    ]);
  });

  test('is none where a proxy ends it, or where only this machine can reach the listener', () => {
    expect(judge({ pair: null, trustProxy: ['192.0.2.1'] })).toMatchObject([{ level: 'ok', found: 'ends at the declared proxy' }]);
    expect(judge({ pair: null, listener: 'admin' })).toMatchObject([
      { check: 'admin tls', level: 'ok', found: expect.stringContaining('plain HTTP') as string },
    ]);
  });

  test.each([
    [21, 'ok'],
    [20, 'warn'],
    [1, 'warn'],
    [0, 'warn'],
  ])('with %s days left is `%s`', (days, level) => {
    const [finding] = judge({ pair: pairOf({ validTo: inDays(days) }) });
    expect(finding).toMatchObject({
      check: 'tls',
      level,
      found: expect.stringContaining(days === 1 ? 'one more day' : `${days} more days`) as string,
    });
    expect(finding?.fix === null).toBe(level === 'ok');
  });

  test('fails with files that cannot be served, in the words of the settings', () => {
    const pair: TlsPair = {
      ok: false,
      file: 'cert',
      expected: 'a certificate that is valid now',
      got: 'one that has expired on 2026-02-01',
      fix: 'renew it',
    };
    expect(judge({ pair, listener: 'admin' })).toEqual([
      {
        check: 'admin tls',
        level: 'fail',
        found: '`admin.tls.cert`: expected a certificate that is valid now, got one that has expired on 2026-02-01',
        fix: 'renew it',
      },
    ]);
  });

  test('warns where only this user cannot read a file', () => {
    expect(judge({ pair: { ok: false, file: 'key', expected: 'a readable file', got: 'EACCES', fix: 'check' } })).toMatchObject([
      { level: 'warn' },
    ]);
  });

  test('fails with a certificate for another host, unless a proxy is the only one that sees it', () => {
    expect(judge({ publicHost: 'other.example' })).toMatchObject([
      { level: 'ok' },
      {
        check: 'tls name',
        level: 'fail',
        found: expect.stringContaining('`other.example`') as string,
        fix: expect.stringContaining('publicUrl') as string,
      },
    ]);
    expect(judge({ publicHost: 'other.example', trustProxy: ['192.0.2.1'] })).toMatchObject([{ check: 'tls', level: 'ok' }]);
    expect(judge({ publicHost: null })).toMatchObject([{ check: 'tls', level: 'ok' }]);
  });

  test.each<[string, Partial<CertificateFacts>, string]>([
    ['that came without its chain', { count: 1 }, 'the file holds no chain'],
    ['that is signed by itself', { count: 1, selfSigned: true }, 'signed by itself'],
  ])('warns of a certificate %s', (_name, wish, found) => {
    expect(judge({ pair: pairOf(wish) }).at(-1)).toMatchObject({
      check: 'tls chain',
      level: 'warn',
      found: expect.stringContaining(found) as string,
      fix: expect.stringMatching(/./) as string,
    });
  });
});

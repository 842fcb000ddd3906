import { describe, expect, test } from 'vitest';
import { chooseApi, toApiUrl } from '../../../src/cli/api/open-api.ts';

describe('the address of an API', () => {
  test.each([
    ['https://ops.example.com', 'https://ops.example.com'],
    ['https://ops.example.com/hookline/', 'https://ops.example.com/hookline'],
    ['http://127.0.0.1:8788', 'http://127.0.0.1:8788'],
    ['http://localhost:8788/', 'http://localhost:8788'],
    ['http://[::1]:8788', 'http://[::1]:8788'],
  ])('%s is taken', (text, url) => {
    expect(toApiUrl(text)).toBe(url);
  });

  test.each([
    'http://ops.example.com',
    'http://10.0.0.5:8788',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://0x0a000005',
  ])('%s is refused, since the token would travel in the clear', (text) => {
    expect(() => toApiUrl(text)).toThrow('cli.usage: expected an API by https, or at this machine');
  });

  test.each([
    'ops.example.com',
    'ftp://ops.example.com',
    'https://anna:secret@ops.example.com',
    'https://ops.example.com/?a=1',
    'https://ops.example.com/#a',
    '',
  ])('`%s` is none, and is not repeated, since it may hold a secret', (text) => {
    expect(() => toApiUrl(text)).toThrow('with an address such as `https://ops.example.com`, got another');
  });
});

describe('without an address the API', () => {
  const place = ({ auth = 'remote', adminUrl }: { readonly auth?: 'remote' | 'always'; readonly adminUrl?: string }) => ({
    settings: { admin: { auth }, database: { url: 'postgresql://settings' } },
    stack: adminUrl === undefined ? null : { adminUrl, databaseUrl: 'postgresql://stack' },
  });
  const atDatabase = { at: 'database', databaseUrl: 'postgresql://stack' };

  test('is that of the stack, by loopback', () => {
    const chosen = chooseApi(place({ adminUrl: 'http://127.0.0.1:8788' }), { configured: false });
    expect(chosen).toEqual({ at: 'stack', url: 'http://127.0.0.1:8788' });
  });

  test.each([
    ['settings are named', {}, true],
    ['everybody needs a token there', { auth: 'always' }, false],
    ['its listener has a certificate', { adminUrl: 'https://127.0.0.1:8788' }, false],
    ['its listener is not bound to loopback', { adminUrl: 'http://0.0.0.0:8788' }, false],
  ] as const)("is over the stack's database where %s", (_name, wish, configured) => {
    expect(chooseApi(place({ adminUrl: 'http://127.0.0.1:8788', ...wish }), { configured })).toEqual(atDatabase);
  });

  test('is over the database of the settings where no stack runs', () => {
    expect(chooseApi(place({}), { configured: false })).toEqual({ at: 'database', databaseUrl: 'postgresql://settings' });
  });
});

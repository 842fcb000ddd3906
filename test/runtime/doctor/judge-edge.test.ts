import { describe, expect, test } from 'vitest';
import { judgeProxies, judgePublicUrl } from '../../../src/runtime/doctor/judge-edge.ts';

const proxiesOf = (ingress: readonly string[], admin: readonly string[] = []) =>
  judgeProxies({ ingress: { trustProxy: ingress }, admin: { trustProxy: admin } });

describe('trusted proxies', () => {
  test.each(['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '64.0.0.0/7', '2000::/3'])('that are strangers fail: `%s`', (range) => {
    expect(proxiesOf(['192.0.2.1', range])).toEqual({
      check: 'proxies',
      level: 'fail',
      found: `\`${range}\` in \`ingress.trustProxy\`: anybody there may claim to be anybody, also past \`allow\` of a source`,
      fix: 'list the addresses from which your own proxies connect, and no more',
    });
    expect(proxiesOf([], [range])).toMatchObject({ level: 'fail', found: expect.stringContaining('`admin.trustProxy`') as string });
  });

  test.each(['10.0.0.0/8', '172.16.0.0/12', '192.0.2.1', '::1', 'fc00::/7', 'fd12::/8', 'fe80::/10', '2400:cb00::/32', '2a06:98c0::/29'])(
    'that one can own are good: `%s`',
    (range) => {
      expect(proxiesOf([range])).toMatchObject({ level: 'ok', found: '1 address or range' });
    },
  );

  test('may be none', () => {
    expect(proxiesOf([])).toMatchObject({ level: 'ok', found: 'none is trusted' });
  });
});

describe('the public URL', () => {
  test('is needed in production only', () => {
    expect(judgePublicUrl(undefined, { inProduction: true })).toMatchObject({
      level: 'warn',
      fix: expect.stringContaining('https://hooks.example') as string,
    });
    expect(judgePublicUrl(undefined, { inProduction: false })).toMatchObject({ level: 'ok' });
  });

  test.each([
    ['https://hooks.example', 'ok'],
    ['http://hooks.example', 'warn'],
    ['http://127.0.0.1:8787', 'info'],
    ['http://[::1]:8787', 'info'],
  ])('`%s` is `%s`', (url, level) => {
    expect(judgePublicUrl(url, { inProduction: true })).toMatchObject({ check: 'public url', level });
  });
});

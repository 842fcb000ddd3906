import { describe, expect, test } from 'vitest';
import { toListenerUrl, toRequestUrl, toSourceUrl } from '../../src/ingress/listener-url.ts';

test.each([
  ['127.0.0.1', false, 'http://127.0.0.1:8787'],
  ['0.0.0.0', true, 'https://127.0.0.1:8787'],
  ['::', true, 'https://[::1]:8787'],
  ['2001:db8::7', false, 'http://[2001:db8::7]:8787'],
  ['localhost', true, 'https://localhost:8787'],
])('a listener at %s is reached from this machine at its URL', (host, tls, url) => {
  expect(toListenerUrl({ host, port: 8787, tls })).toBe(url);
});

test.each(['https://hooks.example', 'https://hooks.example/'])('a source of %s has one URL', (publicUrl) => {
  expect(toSourceUrl(publicUrl, 'shop')).toBe('https://hooks.example/webhooks/shop');
});

describe('the URL that a sender may have signed', () => {
  test.each([
    ['/webhooks/shop', 'https://hooks.example/webhooks/shop'],
    ['/webhooks/shop?b=2&a=%C3%A4+1', 'https://hooks.example/webhooks/shop?b=2&a=%C3%A4+1'],
    ['http://evil.example/webhooks/shop?a=1', 'https://hooks.example/webhooks/shop?a=1'],
    ['HTTPS://evil.example:99/webhooks/shop', 'https://hooks.example/webhooks/shop'],
  ])('keeps path and query of `%s`, and the host is ours', (target, url) => {
    expect(toRequestUrl('https://hooks.example/', target)).toBe(url);
  });

  test('keeps the path below which a proxy passes us on', () => {
    expect(toRequestUrl('https://shop.example/hookline', '/webhooks/shop')).toBe('https://shop.example/hookline/webhooks/shop');
  });
});

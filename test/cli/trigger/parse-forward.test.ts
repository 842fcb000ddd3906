import { describe, expect, test } from 'vitest';
import { parseForward } from '../../../src/cli/trigger/parse-forward.ts';

describe('`--forward URL`', () => {
  test.each(['http://127.0.0.1:3000/hooks/orders?team=7', 'https://shop.example/'])('takes %s whole', (url) => {
    expect(parseForward(url)).toBe(url);
  });

  test.each(['', 'shop.example/hooks', 'ftp://shop.example/', 'file:///etc/passwd', 'https://user:pass@shop.example/'])(
    'refuses `%s`',
    (url) => {
      expect(() => parseForward(url)).toThrow(
        'expected a whole URL such as `https://shop.example/hooks/orders`, without user and password.',
      );
    },
  );
});

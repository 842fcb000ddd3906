import { describe, expect, test } from 'vitest';
import { chooseDrillSource } from '../../../src/cli/drill/choose-drill-source.ts';
import type { Source } from '../../../src/contracts/webhook.ts';

const sourceOf = (name: string, wish: Partial<Source> = {}): Source => ({
  name,
  provider: 'hookline',
  secrets: ['none'],
  options: {},
  ...wish,
});
const drills = sourceOf('drills', { test: 'dry', options: { references: 'shopify' } });
const all = [
  drills,
  sourceOf('live', { test: 'live' }),
  sourceOf('elsewhere', { options: { id: 'bodyHash', data: { pointer: '' } } }),
  sourceOf('shop', { provider: 'shopify' }),
];

describe('the source of a drill', () => {
  test('is one of the generic provider whose test traffic is dry', () => {
    expect(chooseDrillSource(all, 'drills')).toBe(drills);
  });

  test.each([
    ['live', '`live`, whose test traffic reaches real adapters: `sources.live.test` is `live`'],
    ['elsewhere', '`elsewhere`, which looks for events elsewhere: `sources.elsewhere.id`, `sources.elsewhere.data`'],
    ['shop', '`shop`, which is of provider `shopify`'],
    ['nobody', '`nobody`, which the settings do not have'],
  ])('is not `%s`', (name, got) => {
    expect(() => chooseDrillSource(all, name)).toThrow(
      expect.objectContaining({
        code: 'cli.usage',
        message: expect.stringContaining(`got ${got}`) as string,
        fix: 'there is `drills`',
      }) as Error,
    );
  });

  test('is to be added where there is none', () => {
    expect(() => chooseDrillSource([], 'drills')).toThrow(
      expect.objectContaining({ fix: 'add a source of provider `hookline` to the settings, such as one for drills alone' }) as Error,
    );
  });
});

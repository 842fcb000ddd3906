import { describe, expect, test } from 'vitest';
import { chooseSource } from '../../../src/cli/trigger/choose-source.ts';
import { HooklineError } from '../../../src/contracts/errors.ts';

const sources = [
  { name: 'hookline', provider: 'hookline' },
  { name: 'orders', provider: 'hookline' },
  { name: 'shop', provider: 'shopify' },
  { name: 'one', provider: 'twofold' },
  { name: 'two', provider: 'twofold' },
].map((source) => ({ ...source, secrets: ['s'], options: {} }));

describe('the source of a sample', () => {
  test.each([
    [{ provider: 'hookline' }, 'hookline'],
    [{ provider: 'hookline', named: 'orders' }, 'orders'],
    [{ provider: 'shopify' }, 'shop'],
    [{ provider: 'twofold', named: 'two' }, 'two'],
  ])('of %j is `%s`', (wish, name) => {
    expect(chooseSource(sources, wish).name).toBe(name);
  });

  test.each([
    [{ provider: 'twofold' }, 'cli.usage: expected one source of provider `twofold`, got 2', 'choose by `--source`: `one`, `two`'],
    [{ provider: 'stripe' }, 'cli.usage: expected one source of provider `stripe`, got none', 'add one to the settings'],
    [{ provider: 'shopify', named: 'orders' }, 'cli.usage: expected a source of provider `shopify`, got `orders`', 'there are `shop`'],
    [
      { provider: 'stripe', named: '\u001B[2J' },
      'cli.usage: expected a source of provider `stripe`, got `\ufffd[2J`',
      'add one to the settings',
    ],
  ])('of %j cannot be told', (wish, message, fix) => {
    let thrown: unknown;
    try {
      chooseSource(sources, wish);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HooklineError);
    expect(thrown).toMatchObject({ message, fix });
  });
});

import { expect, test } from 'vitest';
import { chooseSample } from '../../../src/cli/trigger/choose-sample.ts';
import { toSampleList } from '../../../src/cli/trigger/sample-list.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';

const lines = toSampleList()
  .split('\n')
  .map((line) => line.trim().split(/ {2,}|, /));

test('the list of samples names every provider, and only types that can be sent', () => {
  expect(lines.map(([name]) => name)).toEqual(providers.map(({ name }) => name));
  for (const [name = '', ...types] of lines) {
    expect(types.length).toBeGreaterThan(0);
    for (const type of types) expect(chooseSample(name, type).provider.name).toBe(name);
  }
});

test('a type without a sample is refused with the list of those that there are', () => {
  expect(() => chooseSample('github', 'pull')).toThrow('cli.usage: expected a type of which `github` has a sample, got `pull`');
});

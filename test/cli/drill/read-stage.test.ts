import { describe, expect, test } from 'vitest';
import { readStage } from '../../../src/cli/drill/read-stage.ts';
import { scriptedApi } from '../api/scripted-api.ts';

const source = {
  name: 'drills',
  provider: 'hookline',
  path: '/webhooks/drills',
  url: 'https://hooks.example.com/webhooks/drills',
  secrets: 1,
  include: null,
  exclude: null,
  allow: null,
  newest: null,
};
const routeOf = (type: string, chains: readonly object[], excluded: string | null = null): object => ({
  source: 'drills',
  providerType: type,
  type,
  chains,
  excluded,
});
const routes = [
  routeOf('order.created', [
    { name: 'new-order', filtered: false },
    { name: 'gifts', filtered: true },
  ]),
  routeOf('user.registered', [{ name: 'picky', filtered: true }]),
  routeOf('ticket.created', [{ name: 'follow-ticket', filtered: false }], 'the source excludes it'),
  routeOf('customer.updated', []),
];
const setOf = (verb: string, kind: string, name: string): object => ({
  verb,
  kind,
  name,
  since: '2026-07-01T12:00:00Z',
  by: 'anna',
  reason: null,
});
const stageOf = (switches: readonly object[] = [], view: object = source) =>
  readStage(scriptedApi({ sources: [view] }, { routes }, { switches, waits: [] }), { name: 'drills' });

describe('what a drill asks of an installation', () => {
  test('is where providers post to, and which types go to a chain whatever they say', async () => {
    expect(await stageOf()).toEqual({
      sourceUrl: 'https://hooks.example.com/webhooks/drills',
      routes: new Map([['order.created', { always: ['new-order'], maybe: ['gifts'] }]]),
    });
  });

  test.each([
    ['hold', 'all', '*', 'hold --all'],
    ['hold', 'source', 'drills', 'hold drills'],
    ['pause', 'source', 'drills', 'pause source drills'],
    ['pause', 'chain', 'gifts', 'pause chain gifts'],
    ['pause', 'agent', 'email', 'pause agent email'],
    ['pause', 'adapter', 'mail', 'pause adapter mail'],
  ])('is refused while `%s %s %s` is set', async (verb, kind, name, told) => {
    await expect(stageOf([setOf(verb, kind, name)])).rejects.toMatchObject({
      code: 'cli.usage',
      message: expect.stringContaining(`got \`${told}\` set`) as string,
    });
  });

  test('is not refused for what others are stopped by', async () => {
    await expect(stageOf([setOf('hold', 'source', 'shop'), setOf('pause', 'chain', 'picky')])).resolves.toBeDefined();
  });

  test('is refused where the installation has another source of this name, or none', async () => {
    await expect(stageOf([], { ...source, provider: 'shopify' })).rejects.toMatchObject({
      message: expect.stringContaining('got one of provider `shopify`') as string,
    });
    await expect(stageOf([], { ...source, name: 'other' })).rejects.toMatchObject({
      message: expect.stringContaining('got none') as string,
    });
  });
});

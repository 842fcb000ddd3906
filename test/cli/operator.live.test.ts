import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOperatorPlace, type OperatorPlace, type Way } from './operator-place.ts';

// The same commands on the same rows, by each of the two ways to the API.
const WAYS: readonly Way[] = ['HTTP', 'in this process'];
let place: OperatorPlace;
const said = (text: string): string => expect.stringContaining(text) as string; // stands for one in what is expected

beforeAll(async () => {
  place = await createOperatorPlace();
  await place.startAdmin();
  for (const eventId of ['a1', 'a2', 'a3', 'a4', 'a5']) await place.take({ events: [{ eventId }] });
  await place.take({ source: 'erp', events: [{ eventId: 'e1', state: 'ignored', type: 'hookline:ping' }] });
});
afterAll(() => place.close());

test('commands print the same by both ways, and name the whole URL of a source', async () => {
  const asked = [
    ['events', 'a3'],
    ['events', '--source', 'erp', '--type', 'hookline:ping'],
    ['deliveries', '--text', 'a2'],
    ['runs', '--state', 'pending', '--until', '2100-01-01'],
    ['sources'],
    ['routes'],
    ['why', 'e1'],
    ['audit'],
    ['replay', '--failed', '--dry-run'],
  ];
  for (const args of asked) {
    const [over, here] = await Promise.all(WAYS.map((way) => place.json(way, ...args)));
    expect(Object.keys(over ?? {})).not.toEqual([]);
    expect({ args, document: over }).toEqual({ args, document: here });
  }
  expect(await place.json('HTTP', 'sources')).toMatchObject({
    sources: [{ name: 'erp' }, { url: 'https://hooks.example.com/webhooks/shop' }],
  });
});

test('a list is read in pages, or to its end, and hides nothing', async () => {
  const ids = (document: Readonly<Record<string, unknown>>): readonly string[] =>
    (document['events'] as readonly { readonly eventId: string }[]).map(({ eventId }) => eventId); // the command's document
  const first = await place.json('HTTP', 'events', '--source', 'shop', '--limit', '2');
  expect([ids(first), typeof first['next']]).toEqual([['a5', 'a4'], 'string']);
  const rest = await place.json('HTTP', 'events', '--source', 'shop', '--cursor', String(first['next']), '--all');
  expect([ids(rest), rest['next']]).toEqual([['a3', 'a2', 'a1'], null]);
  const table = await place.call('HTTP', ['events', '--source', 'shop', '--limit', '2']);
  expect(table).toMatchObject({
    code: 0,
    stderr: `there are more: add \`--all\`, or go on with \`--cursor ${String(first['next'])}\`\n`,
  });
  expect(await place.call('HTTP', ['events', '--limit', '2', '--all'])).toMatchObject({ code: 2 });
  expect(await place.call('HTTP', ['events', '--cursor', 'bm90LW91cnM'])).toMatchObject({ code: 2, stderr: said('a `next` of this list') });
});

describe.each(WAYS)('asked by %s', (way) => {
  test('a source is held and released, and it says who has done it', async () => {
    const who = `local (${userInfo().username})`;
    const held = await place.call(way, ['hold', 'shop', '--reason', 'look first']);
    expect(held).toMatchObject({ code: 0, stdout: said('`hold shop` is set: its new events are taken and kept') });
    expect((await place.call(way, ['hold', 'shop'])).stdout).toContain(`as it was since 2`);
    expect(await place.json(way, 'switches')).toMatchObject({
      switches: [{ verb: 'hold', kind: 'source', name: 'shop', by: who, reason: 'look first' }],
    });
    expect(await place.json(way, 'pause', 'agent', 'email')).toMatchObject({ changed: true, switch: { verb: 'pause', name: 'email' } });
    expect(await place.call(way, ['release', 'shop'])).toMatchObject({ code: 0, stdout: said('Still stopped:\n') });
    expect(await place.json(way, 'resume', 'agent', 'email')).toMatchObject({ changed: true });
    expect(await place.call(way, ['resume', 'agent', 'email'])).toMatchObject({ code: 0, stdout: said('was not set') });
    expect((await place.call(way, ['switches'])).stdout).toBe('nothing is stopped\n');
    const { audit } = await place.json(way, 'audit', '--limit', '4');
    expect((audit as readonly { readonly actor: string; readonly action: string }[]).map(({ actor, action }) => [actor, action])).toEqual(
      ['switch.clear', 'switch.clear', 'switch.set', 'switch.set'].map((action) => [who, action]), // the command's document
    );
  });

  test('many failed runs start again, after it was said how many', async () => {
    await place.failRuns('action.gaveUp');
    const dry = await place.call(way, ['replay', '--failed', '--source', 'shop', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: said('runs would start again\nCHAIN') });
    const { matched } = await place.json(way, 'replay', '--failed', '--source', 'shop', '--dry-run');
    expect(await place.call(way, ['replay', '--failed', '--source', 'shop'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: said('new-order  action.gaveUp'),
    });
    expect(await place.json(way, 'replay', '--failed', '--source', 'shop', '--yes')).toEqual({
      matched,
      groups: [{ chain: 'new-order', code: 'action.gaveUp', runs: matched }],
      asked: matched,
      skipped: [],
    });
    expect(await place.call(way, ['replay', '--failed', '--yes'])).toMatchObject({ code: 1, stdout: said('no run has failed so') });
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { createOperatorPlace, type OperatorPlace } from './operator-place.ts';
import { linesOf } from './run-cli.ts';

let place: OperatorPlace;
let admin: HooklineProcess;
beforeAll(async () => {
  place = await createOperatorPlace();
  admin = await place.startAdmin();
});
afterAll(() => place.close());

interface Line {
  readonly kind: string;
  readonly delivery?: { readonly eventIds: readonly string[] };
  readonly run?: { readonly eventId: string; readonly state: string };
}

test('tells what comes and what becomes of it, once each, while the API is restarted', { timeout: 40_000 }, async () => {
  await place.take({ events: [{ eventId: 'before' }] });
  const tail = place.start('HTTP', ['tail', '--since', '1h', '--json']);
  await tail.firstLine;

  await place.take({ events: [{ eventId: 'first' }] });
  await tail.out('"eventIds":["first"]');
  await admin.stop();
  await tail.said('the admin API cannot be reached; going on when it is back');
  await place.take({ events: [{ eventId: 'meanwhile' }] });
  await place.failRuns('action.gaveUp');
  admin = await place.startAdmin();
  await tail.out('"eventIds":["meanwhile"]');
  await place.take({ events: [{ eventId: 'after' }] });
  await tail.out('"eventIds":["after"]');

  const { code, stdout } = await tail.signal('SIGINT');
  const lines = linesOf(stdout) as unknown as readonly Line[]; // asserted by what follows
  expect(code).toBe(0);
  expect(lines.flatMap(({ delivery }) => delivery?.eventIds ?? [])).toEqual(['before', 'first', 'meanwhile', 'after']);
  expect(lines.flatMap(({ run }) => (run === undefined ? [] : [`${run.eventId} ${run.state}`])).toSorted()).toEqual([
    'before failed',
    'first failed',
    'meanwhile failed',
  ]);
});

test('by a filter tells only what it lets through, and begins now', { timeout: 30_000 }, async () => {
  const tail = place.start('HTTP', ['tail', '--source', 'erp', '--outcome', 'accepted']);
  await tail.said('waiting for deliveries');
  await place.take({ events: [{ eventId: 'of-the-shop' }] });
  await place.take({ source: 'erp', events: [{ eventId: 'of-the-erp' }] });
  await tail.out('of-the-erp');
  const { code, stdout } = await tail.signal('SIGTERM');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^20\S+ \S+ +erp +accepted +order\.created +of-the-erp +order shop:1\n$/);
});

test('in this process ends at Ctrl-C as well', { timeout: 30_000 }, async () => {
  const tail = place.start('in this process', ['tail']);
  await tail.said('waiting for deliveries');
  expect(await tail.signal('SIGINT')).toMatchObject({ code: 0, stdout: '' });
});

test('without an API does not begin', async () => {
  expect(await place.call('HTTP', ['tail', '--api', 'http://127.0.0.1:4'])).toMatchObject({ code: 4, stdout: '' });
});

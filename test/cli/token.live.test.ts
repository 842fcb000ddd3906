import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOperatorPlace, type OperatorPlace } from './operator-place.ts';

let place: OperatorPlace;
const said = (text: string): string => expect.stringContaining(text) as string; // stands for one in what is expected

beforeAll(async () => {
  place = await createOperatorPlace();
  await place.startAdmin();
  await place.take({ events: [{ eventId: 'a1' }] });
});
afterAll(() => place.close());

describe('a token', () => {
  test('of a viewer looks, and changes nothing', async () => {
    const HOOKLINE_TOKEN = await place.token('looker', '--role', 'viewer');
    const call = (...args: readonly string[]) => place.call('HTTP', args, { HOOKLINE_TOKEN });
    expect((await call('events')).code).toBe(0);
    const refused = [
      'error: api.forbidden: expected the role `operator`, got `viewer`',
      '  fix: use a token with the role that is expected, or with the right to payloads',
      '',
    ].join('\n');
    expect(await call('hold', 'shop')).toEqual({ code: 1, stdout: '', stderr: refused });
    expect(await call('replay', 'a1', '--yes')).toMatchObject({ code: 1, stderr: refused });
    expect(await call('audit')).toMatchObject({ code: 1, stderr: said('expected the role `admin`') });
    const { deliveries } = await place.json('in this process', 'deliveries', '--limit', '1');
    const [{ id } = { id: '' }] = deliveries as readonly { readonly id: string }[]; // the command's document
    expect(await call('deliveries', id, '--body')).toMatchObject({ code: 1, stdout: '', stderr: said('the right to payloads') });
  });

  test('of an operator is who has changed something', async () => {
    const HOOKLINE_TOKEN = await place.token('night-shift', '--role', 'operator', '--payloads');
    expect(await place.call('HTTP', ['pause', 'chain', 'new-order'], { HOOKLINE_TOKEN })).toMatchObject({ code: 0 });
    expect((await place.call('HTTP', ['switches'])).stdout).toMatch(/pause +chain +new-order +\S+ \S+ +night-shift/);
    expect(await place.call('HTTP', ['resume', 'chain', 'new-order'], { HOOKLINE_TOKEN })).toMatchObject({ code: 0 });
  });

  test('that is none is refused, with where to put one', async () => {
    const HOOKLINE_TOKEN = `hlk_${'x'.repeat(43)}`;
    const { code, stderr } = await place.call('HTTP', ['events'], { HOOKLINE_TOKEN });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: said('environment variable `HOOKLINE_TOKEN`') });
    expect(stderr).not.toContain(HOOKLINE_TOKEN);
  });
});

describe('an API', () => {
  test('that does not answer ends a command with 4, and says where it was looked for', async () => {
    const { code, stderr } = await place.call('HTTP', ['events', '--api', 'http://127.0.0.1:4']);
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr:
        'error: api.unreachable: got ECONNREFUSED, in http://127.0.0.1:4\n  fix: check `--api` or `HOOKLINE_API`, and that `hookline admin` or `up` runs there\n',
    });
  });

  test('of another machine is asked by https only', async () => {
    expect(await place.call('HTTP', ['events', '--api', 'http://10.1.2.3:8788'])).toMatchObject({ code: 2, stderr: said('in the clear') });
  });

  test('whose database is not there ends a command with 4', async () => {
    const DATABASE_URL = 'postgresql://127.0.0.1:9/none';
    expect(await place.call('in this process', ['events'], { DATABASE_URL })).toMatchObject({
      code: 4,
      stderr: said('postgres.unavailable'),
    });
    expect(await place.call('in this process', ['routes'], { DATABASE_URL })).toMatchObject({ code: 0, stderr: '' });
  });
});

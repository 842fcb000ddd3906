import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Log } from '../../src/contracts/names.ts';
import { watchSwitches, type SwitchWatch } from '../../src/store/switch-watch.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const HOLD_SHOP: Switch = { verb: 'hold', kind: 'source', name: 'shop' };
const HELD = [{ verb: 'hold', kind: 'source', name: 'shop', by: 'anna' }];

let database: TestDatabase;
let watch: SwitchWatch | undefined;
const lines: string[] = [];
const write = (_fields: object, message: string): void => void lines.push(message);
const log: Log = { debug: write, info: write, warn: write, error: write };

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await watch?.close();
  await clearSwitch(database.pool, HOLD_SHOP);
  lines.splice(0);
});
afterAll(() => database.close());

const rename = (from: string, to: string) => database.pool.session((session) => session.run(`ALTER TABLE ${from} RENAME TO ${to}`));
const hold = () => setSwitch(database.pool, HOLD_SHOP, { by: 'anna', reason: null });
const start = () => watchSwitches({ pool: database.pool, log, everyMs: 10 });

test('a watch knows from its start on what is set, and later what is set and cleared', async () => {
  await hold();
  watch = await start();
  expect(watch.current()).toMatchObject(HELD);
  await clearSwitch(database.pool, HOLD_SHOP);
  await expect.poll(() => watch?.current()).toEqual([]);
});

test('a watch has not started before it could read once: nobody takes what could not be read for nothing that is held', async () => {
  await hold();
  await rename('switches', 'switches_away');
  let started = false;
  const starting = start().then((one) => {
    started = true;
    return one;
  });
  await expect.poll(() => lines).toEqual(['switches cannot be read; those read last stand']);
  expect(started).toBe(false);
  await rename('switches_away', 'switches');
  watch = await starting;
  expect(watch.current()).toMatchObject(HELD);
});

test('a watch keeps what it has read last while it cannot read, says so once, and goes on when it can', async () => {
  await hold();
  watch = await start();
  await rename('switches', 'switches_away');
  await expect.poll(() => lines).toHaveLength(1);
  expect(watch.current()).toMatchObject(HELD);
  await rename('switches_away', 'switches');
  await clearSwitch(database.pool, HOLD_SHOP);
  await expect.poll(() => watch?.current()).toEqual([]);
  expect(lines).toHaveLength(1);
});

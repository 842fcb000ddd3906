import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src/contracts/settings.ts';
import { judgeSecrets, judgeSettings } from '../../../src/runtime/doctor/judge-settings.ts';
import type { LoadedSettings } from '../../../src/runtime/load-settings.ts';

const good: LoadedSettings = { ok: true, settings: {} as Settings, file: 'hookline.yaml', given: new Set() }; // nothing of them is judged here
const wrong: LoadedSettings = {
  ok: false,
  problems: [{ code: 'settings.secretLiteral', expected: '`${NAME}`', got: 'a text', where: 'hookline.yaml:3' }],
};

describe('settings', () => {
  test('that can be used everywhere are good', () => {
    expect(judgeSettings({ here: good, production: good })).toMatchObject({ level: 'ok', found: 'hookline.yaml can be used' });
  });

  test('that only a development machine takes say what production would refuse', () => {
    expect(judgeSettings({ here: good, production: wrong })).toMatchObject({
      level: 'warn',
      found: expect.stringContaining('settings.secretLiteral: expected `${NAME}`, got a text, in hookline.yaml:3') as string,
    });
  });

  test('that cannot be used fail; none at all are the development set', () => {
    expect(judgeSettings({ here: wrong, production: wrong })).toMatchObject({ level: 'fail' });
    expect(judgeSettings({ here: { ...good, file: undefined }, production: wrong })).toMatchObject({ level: 'ok' });
  });
});

test('a weak secret fails, and is not told', () => {
  const strong = '9f1c7d0e5b8a42c6a3d4e5f60718293a';
  expect(judgeSecrets([{ name: 'shop', secrets: [strong] }])).toMatchObject({ level: 'ok', found: '1 of 1 source, none weak' });
  const finding = judgeSecrets([{ name: 'shop', secrets: [strong, 'hunter2'] }]);
  expect(finding).toMatchObject({ level: 'fail', found: 'secret 2 of `shop` is 7 bytes' });
  expect(JSON.stringify(finding)).not.toContain('hunter2');
});

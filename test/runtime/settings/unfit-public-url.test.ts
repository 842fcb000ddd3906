import { expect, test } from 'vitest';
import { problemsOf, settingsOf, useSettingsFolder } from '../../support/settings-folder.ts';

const { load } = useSettingsFolder();

test.each(['https://hooks.example', 'https://hooks.example:8443/', 'https://shop.example/hookline', 'http://127.0.0.1:8787'])(
  '`publicUrl` may be `%s`',
  (url) => {
    expect(settingsOf(load(`publicUrl: '${url}'`)).publicUrl).toBe(url);
  },
);

test.each([
  ['https://anna:hunter2@hooks.example', 'one with a user'],
  ['https://hooks.example/?a=1', 'one with a query or a fragment'],
  ['https://hooks.example/#top', 'one with a query or a fragment'],
])('`publicUrl` may not be `%s`', (url, got) => {
  const problems = problemsOf(load(`publicUrl: '${url}'`));
  expect(problems).toEqual([
    `settings.wrong: expected a URL of host, port and path, got ${got}, in hookline.yaml:1\n  fix: write it as far as \`/webhooks/<source>\` follows: \`https://hooks.example\``,
  ]);
});

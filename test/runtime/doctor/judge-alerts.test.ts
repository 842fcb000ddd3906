import { expect, test } from 'vitest';
import { judgeAlerts } from '../../../src/runtime/doctor/judge-alerts.ts';

test('without a sink nobody is told, which is no failure', () => {
  expect(judgeAlerts({ mailTo: undefined, url: undefined })).toMatchObject({
    check: 'alerts',
    level: 'info',
    fix: expect.stringContaining('alerts.mailTo') as string,
  });
});

test.each([
  [['ops@shop.example'], undefined, 'are mailed'],
  [undefined, 'https://hooks.slack.example/T/SECRET', 'are posted'],
  [['ops@shop.example'], 'https://hooks.slack.example/T/SECRET', 'are mailed and posted'],
])('with %j and %s alerts %s, and where to is not told', (mailTo, url, found) => {
  expect(judgeAlerts({ mailTo, url })).toEqual({ check: 'alerts', level: 'ok', found, fix: null });
});

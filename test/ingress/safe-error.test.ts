import { expect, it } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import { toSafeError } from '../../src/ingress/safe-error.ts';

it('keeps the message of our own errors, and the code of their cause', () => {
  const cause = Object.assign(new Error('payload'), { code: 'ECONNREFUSED' });
  const safe = toSafeError(new HooklineError('inbox.unavailable', { got: 'no answer', cause }));
  expect(safe).toMatchObject({ type: 'HooklineError', message: 'inbox.unavailable: got no answer', code: 'ECONNREFUSED' });
  expect(JSON.stringify(safe)).not.toContain('payload');
});

it('keeps type and place of any other, and not a word of its message', () => {
  const thrown = (): unknown => {
    try {
      return JSON.parse('{"card": 4242\nsecret');
    } catch (error) {
      return error;
    }
  };
  const safe = toSafeError(thrown());
  expect(safe.type).toBe('SyntaxError');
  expect(safe.stack).toContain('safe-error.test.ts');
  expect(JSON.stringify(safe)).not.toMatch(/4242|secret/);
});

it('takes what is no error at all', () => {
  expect(toSafeError('secret')).toEqual({ type: 'string', stack: '' });
  expect(toSafeError(undefined)).toEqual({ type: 'undefined', stack: '' });
});

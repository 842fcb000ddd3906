import { describe, expect, test } from 'vitest';
import { HooklineError, codeOf, describe as describeError, isErrorCode } from '../../src/contracts/errors.ts';

describe('HooklineError', () => {
  test('says what was expected, what was got and where, and keeps the fix and the cause apart', () => {
    const cause = new Error('ENOENT');
    const error = new HooklineError('settings.unreadable', { expected: 'a readable file', got: 'ENOENT', where: 'hookline.yaml', cause });
    expect(error.message).toBe('settings.unreadable: expected a readable file, got ENOENT, in hookline.yaml');
    expect(error.fix).toBe('check the path given to `--config`');
    expect(error.cause).toBe(cause);
    expect(error.name).toBe('HooklineError');
  });

  test('says what the code means where there are no facts', () => {
    expect(new HooklineError('stack.notRunning').message).toBe('stack.notRunning: no running stack was found');
    expect(Object.hasOwn(new HooklineError('stack.notRunning'), 'cause')).toBe(false);
  });

  test('takes a better fix from whoever knows one', () => {
    expect(new HooklineError('settings.unknown', { fix: 'did you mean `port`?' }).fix).toBe('did you mean `port`?');
  });

  test('knows its row of the table', () => {
    expect(new HooklineError('inbox.full').entry).toMatchObject({ status: 503, retryable: true });
  });
});

describe('the text of an error', () => {
  test('is there without an error', () => {
    expect(describeError('event.idMissing', { where: 'header `X-Id`' })).toBe('event.idMissing: in header `X-Id`');
  });
});

describe('codeOf', () => {
  test('gives the code of our errors, and `bug.unexpected` for everything else', () => {
    expect(codeOf(new HooklineError('inbox.full'))).toBe('inbox.full');
    expect(codeOf(new TypeError('x'))).toBe('bug.unexpected');
    expect(codeOf(undefined)).toBe('bug.unexpected');
  });
});

describe('isErrorCode', () => {
  test('knows the codes of the table, and nothing of a prototype', () => {
    expect(isErrorCode('inbox.full')).toBe(true);
    expect(isErrorCode('inbox.fuller')).toBe(false);
    expect(isErrorCode('constructor')).toBe(false);
  });
});

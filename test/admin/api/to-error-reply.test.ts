import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/admin/api/api-error.ts';
import { toErrorReply } from '../../../src/admin/api/to-error-reply.ts';
import { errorTable } from '../../../src/contracts/error-table.ts';
import { HooklineError } from '../../../src/contracts/errors.ts';

const withCode = (code: string): Error => Object.assign(new Error('a row, with a secret'), { code });

describe('an error of ours', () => {
  test('is told with its facts apart, and by the status of its row', () => {
    const facts = { expected: 'a name', got: '`x`', where: 'params.name', fix: 'take another' };
    expect(toErrorReply(new ApiError('api.conflict', facts))).toEqual({
      status: 409,
      isBug: false,
      body: { error: { code: 'api.conflict', message: 'api.conflict: expected a name, got `x`, in params.name', ...facts } },
    });
  });

  test('that passes by itself is answered 503 where its row has no status', () => {
    expect(toErrorReply(new HooklineError('postgres.unavailable', { cause: withCode('57P01') }))).toEqual({
      status: 503,
      isBug: false,
      body: {
        error: {
          code: 'postgres.unavailable',
          message: 'postgres.unavailable: PostgreSQL could not be reached',
          expected: null,
          got: null,
          where: null,
          fix: errorTable['postgres.unavailable'].fix,
        },
      },
    });
  });

  test('that is no answer of any API is a bug', () => {
    expect(toErrorReply(new HooklineError('chain.bug', { got: 'something' }))).toMatchObject({
      status: 500,
      isBug: true,
      body: { error: { code: 'bug.unexpected', got: null } },
    });
  });
});

test('a question that PostgreSQL has cancelled for its length says to ask for less', () => {
  for (const error of [withCode('57014'), new HooklineError('postgres.unavailable', { cause: withCode('57014') })])
    expect(toErrorReply(error)).toMatchObject({
      status: 503,
      body: { error: { code: 'api.tooSlow', fix: expect.stringContaining('`since`') } },
    });
});

test.each([withCode('23505'), new TypeError('a payload'), 'a text', undefined, null, { message: 'a payload' }])(
  'what is none of our errors tells nothing of itself: %s',
  (thrown) => {
    const reply = toErrorReply(thrown);
    expect(reply).toMatchObject({ status: 500, isBug: true });
    expect(JSON.stringify(reply)).not.toMatch(/payload|secret|a text/);
  },
);

import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { HooklineError, type ErrorEntry, type ErrorFacts } from '../../contracts/errors.ts';
import { errorTable } from '../../contracts/error-table.ts';
import { toPostgresFailure } from '../../store/postgres-failure.ts';
import { ApiError } from './api-error.ts';
import type { errorView } from './views/error-view.ts';

/** An error as the API answers it. */
export interface ErrorReply {
  readonly status: number;
  readonly body: z.output<typeof errorView>;
  /** True for what we have no name for: it belongs into the log. */
  readonly isBug: boolean;
}

/** Turns anything thrown into an answer. What is none of our errors tells nothing of itself: a driver quotes rows, a parser payloads. */
export function toErrorReply(error: unknown): ErrorReply {
  const known = toKnown(error);
  if (known === undefined) return toReply(new ApiError('bug.unexpected'), { status: 500, isBug: true });
  const { status, retryable }: ErrorEntry = errorTable[known.code];
  if (status !== undefined) return toReply(known, { status, isBug: false });
  return retryable ? toReply(known, { status: 503, isBug: false }) : toReply(new ApiError('bug.unexpected'), { status: 500, isBug: true });
}

function toKnown(error: unknown): HooklineError | undefined {
  if (isTooSlow(error)) return new ApiError('api.tooSlow');
  if (error instanceof HooklineError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const part = (error.validationContext ?? 'request').replace('querystring', 'query');
    const path = `${part}${(first?.instancePath ?? '').replaceAll('/', '.').replace(/\.$/, '')}`;
    return new ApiError('api.badRequest', { got: first?.message ?? 'another form', where: path });
  }
  const status = statusOf(error);
  if (status !== undefined && status >= 400 && status < 500) return toRefusal(status);
  return toPostgresFailure(error) === 'conflict'
    ? new ApiError('api.conflict', { got: 'another change at the same moment', fix: 'ask again' })
    : undefined;
}

/** What Fastify itself refuses: what it says of it quotes the request. */
function toRefusal(status: number): ApiError {
  if (status === 413) return new ApiError('api.badRequest', { expected: 'a body of at most 64 KiB', got: 'a larger one' });
  if (status === 415) {
    const expected = 'a body with `content-type: application/json`, or none';
    return new ApiError('api.badRequest', { expected, got: 'another' });
  }
  return new ApiError('api.badRequest', { expected: 'one JSON value as body', got: 'another, or none' });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function toReply(error: HooklineError, { status, isBug }: Pick<ErrorReply, 'status' | 'isBug'>): ErrorReply {
  const { code, message, fix } = error;
  const { expected = null, got = null, where = null } = factsOf(error);
  return { status, isBug, body: { error: { code, message, expected, got, where, fix } } };
}

function factsOf(error: HooklineError): Pick<ErrorFacts, 'expected' | 'got' | 'where'> {
  return error instanceof ApiError ? error.facts : {};
}

/** PostgreSQL's 57014: it has cancelled the statement after its time. */
function isTooSlow(error: unknown): boolean {
  const cause = error instanceof HooklineError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === '57014';
}

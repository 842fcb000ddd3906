import { describe, expect, it } from 'vitest';
import { classifyStartError, isNotFound } from '../../src/ingress/start-error.ts';

/** An error as grpc-js throws it. */
const grpc = (code: number, details: string): Error => Object.assign(new Error(`${code} ${details}`), { code, details });

describe('classifyStartError', () => {
  it.each([
    ['a server that is down', 14, 'No connection established', 'unreachable'],
    ['a server that is too slow', 4, 'Deadline exceeded', 'unreachable'],
    ['an outcome that nobody knows', 2, 'stream ended', 'unreachable'],
    ['a server that sheds load', 8, 'namespace rate limit exceeded', 'shedding'],
    ['credentials that are wrong', 16, 'unauthenticated', 'unreachable'],
    ['a namespace that is not there', 5, 'Namespace orders is not found.', 'unreachable'],
    ['an id that has a run', 6, 'Workflow execution is already running', 'exists'],
    ['a body that is too large for gRPC', 8, 'Received message larger than max (5000000 vs. 4194304)', 'refused'],
    ['a start that the server cannot read', 3, 'BadWorkflowType', 'refused'],
    [
      'a search attribute that the server does not know',
      3,
      'Namespace x has no mapping defined for search attribute HooklineEvent',
      'searchAttributes',
    ],
    ['a fault that may be the start or the server', 13, 'string field contains invalid UTF-8', 'suspect'],
  ])('takes %s for what it is', (_name, code, details, kind) => {
    expect(classifyStartError(grpc(code, details)).kind).toBe(kind);
  });

  it('finds the code of the cause, as the client wraps it', () => {
    expect(classifyStartError(new Error('Failed to start Workflow', { cause: grpc(14, 'down') })).kind).toBe('unreachable');
  });

  it('takes an error without a code for suspect, and quotes nothing of it', () => {
    expect(classifyStartError(new RangeError('a payload'))).toEqual({ kind: 'suspect', detail: 'RangeError' });
  });
});

describe('isNotFound', () => {
  it('is true of a workflow, and of nothing else', () => {
    expect(isNotFound(grpc(5, 'workflow not found for ID: shop.1'))).toBe(true);
    expect(isNotFound(grpc(14, 'workflow not found for ID: shop.1'))).toBe(false);
    expect(isNotFound(new Error('not found'))).toBe(false);
  });

  it('is not true of a namespace: that says nothing of the runs in it', () => {
    expect(isNotFound(grpc(5, 'Namespace orders is not found.'))).toBe(false);
  });
});

import { HooklineError, type ErrorCode, type ErrorFacts } from '../../contracts/errors.ts';

/** An error that the API answers with, whose facts stand apart from its message. Neither a secret nor a payload may stand in any of it. */
export class ApiError extends HooklineError {
  readonly facts: Pick<ErrorFacts, 'expected' | 'got' | 'where'>;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    super(code, facts);
    const { expected, got, where } = facts;
    this.facts = {
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
      ...(where === undefined ? {} : { where }),
    };
  }
}

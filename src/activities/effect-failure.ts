import { HooklineError, type ErrorCode, type ErrorFacts } from '../contracts/errors.ts';

/**
 * Thrown by an effect that knows more about its failure than that it failed.
 * `happened: 'no'` makes another attempt safe; without it, a failure after `sending()` counts as unknown.
 */
export class EffectFailure extends HooklineError {
  readonly happened: 'no' | 'unknown';
  /** How long the receiver asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts & { readonly happened: 'no' | 'unknown'; readonly retryAfterMs?: number | undefined }) {
    super(code, facts);
    this.happened = facts.happened;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

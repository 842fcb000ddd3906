import { HooklineError } from '../contracts/errors.ts';
import { EffectFailure } from './effect-failure.ts';

/** What of an SMTP error tells how it stands. */
interface SmtpError {
  readonly code?: unknown;
  readonly responseCode?: unknown;
}

/** The server's 5yz is final (RFC 5321, 4.2.1); 503 speaks of the session, not of the mail. */
const PERMANENT = { from: 500, to: 599, except: 503 } as const;

/**
 * The failure of a sending: a reply of the server means that the mail has surely not been taken; without one it may have been
 * as soon as the final dot could go out. The server's text is left out: it often quotes the address.
 */
export function toMailFailure(error: unknown, sending: boolean): HooklineError {
  if (error instanceof HooklineError) return error;
  const { code, responseCode } = smtpFacts(error);
  const facts = {
    expected: 'a mail server that takes the mail',
    got: responseCode === undefined ? (code ?? 'no reply') : `reply ${responseCode}`,
    cause: bare(error),
  };
  if (responseCode !== undefined && responseCode >= 400) {
    const permanent = responseCode >= PERMANENT.from && responseCode <= PERMANENT.to && responseCode !== PERMANENT.except;
    return new EffectFailure(permanent ? 'mail.refused' : 'mail.unavailable', { ...facts, happened: 'no' });
  }
  return new EffectFailure('mail.unavailable', { ...facts, happened: sending ? 'unknown' : 'no' });
}

function smtpFacts(error: unknown): { readonly code: string | undefined; readonly responseCode: number | undefined } {
  const { code, responseCode }: SmtpError = typeof error === 'object' && error !== null ? error : {};
  return { code: typeof code === 'string' ? code : undefined, responseCode: typeof responseCode === 'number' ? responseCode : undefined };
}

function bare(error: unknown): Error {
  return new Error(error instanceof Error ? error.name : typeof error);
}

import { errorView } from '../../admin/api/views/error-view.ts';
import { toPrintable } from '../../admin/printable.ts';
import { HooklineError, isErrorCode, type ErrorCode, type ErrorFacts } from '../../contracts/errors.ts';
import type { ApiAnswer } from './api-client.ts';

/** What the API has refused, or could not do: with its code, its facts and its fix. */
export class ApiFailure extends HooklineError {
  /** Of HTTP. */
  readonly status: number;

  constructor(code: ErrorCode, { status, ...facts }: ErrorFacts & { readonly status: number }) {
    super(code, facts);
    this.status = status;
  }
}

/** Turns an answer that is not 200 into the error that it tells of; into `api.badReply` where it is none of our API's. */
export function toApiFailure({ status, body }: ApiAnswer, path: string): ApiFailure {
  const read = errorView.safeParse(parse(body));
  const { code, expected, got, where, fix } = read.success ? read.data.error : NOTHING;
  if (!isErrorCode(code)) return new ApiFailure('api.badReply', { status, got: `HTTP ${status}`, where: path });
  return new ApiFailure(code, {
    status,
    ...(expected === null ? {} : { expected: toPrintable(expected) }),
    ...(got === null ? {} : { got: toPrintable(got) }),
    ...(where === null ? {} : { where: toPrintable(where) }),
    fix: FIXES[code] ?? toPrintable(fix),
  });
}

/** What is to be done here, where the API can only say what is to be done by programs. */
const FIXES: Partial<Record<ErrorCode, string>> = {
  'api.unauthenticated':
    'give the address by `--api`, and a token in the environment variable `HOOKLINE_TOKEN`; `hookline token add` makes one there',
  'bug.unexpected': 'please report it with the line in the log of the API',
};
const NOTHING = { code: '', expected: null, got: null, where: null, fix: '' };

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // a page of some proxy
  }
}

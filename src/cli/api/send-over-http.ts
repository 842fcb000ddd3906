import { HooklineError } from '../../contracts/errors.ts';
import { toFetchFailure } from '../fetch-failure.ts';
import type { Send } from './api-client.ts';

/** Longer than PostgreSQL may take for a question. */
const TIMEOUT_MS = 30_000;
const USE_ITS_NAME = 'give `--api` a name that stands in the certificate';

/** Carries requests to the API of a process, 30 s at most each. Follows no redirection: a token is for one place alone. */
export function sendOverHttp({
  url,
  token,
  operator,
  signal,
}: {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Who asks, for the audit; believed of this machine only. */
  readonly operator: string;
  /** Gives up what is under way. */
  readonly signal?: AbortSignal | undefined;
}): Send {
  const common = {
    accept: 'application/json',
    'x-hookline-operator': operator,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return async ({ method, path, body }) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: body === undefined ? common : { ...common, 'content-type': 'application/json' },
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      const { reason, fix } = toFetchFailure(error, { timeoutMs: TIMEOUT_MS, ownName: USE_ITS_NAME });
      throw new HooklineError('api.unreachable', { got: reason, where: url, cause: error, ...(fix === undefined ? {} : { fix }) });
    }
  };
}

import type { ErrorCode } from '../contracts/errors.ts';
import type { DeliveryHeaders } from '../contracts/webhook.ts';
import type { IpAddress } from './allow-list.ts';

/** What a request says of itself before its body. */
export interface RequestHead {
  readonly method: string;
  /** `1.1` or `1.0`. */
  readonly httpVersion: string;
  readonly headers: DeliveryHeaders;
}

/** Why a request is refused. The detail holds neither payload nor secret. */
export interface RefusalReason {
  readonly code: ErrorCode;
  readonly detail: string;
}

/**
 * Why a request to a known source can be refused by its head alone, before a byte of its body is read; `undefined` where it
 * cannot: not POST, no or two hosts (RFC 9112, 3.2), a body whose end cannot be told (6.3), any coding of the body (a signature
 * covers bytes, and an inflated bomb costs memory), a declared length over the limit.
 */
export function refuseByHead(
  { method, httpVersion, headers }: RequestHead,
  { bodyBytes }: { readonly bodyBytes: number },
): RefusalReason | undefined {
  if (method !== 'POST') return { code: 'method.notAllowed', detail: `expected POST, got ${method}` };
  const hosts = headers.all('host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return { code: 'request.malformed', detail: `expected one header \`Host\`, got ${hosts}` };
  const transfer = codingsOf(headers, 'transfer-encoding');
  if (transfer.length > 0 && transfer.at(-1) !== 'chunked')
    return { code: 'request.malformed', detail: 'expected `chunked` as the last transfer coding, got another' };
  if (transfer.includes(''))
    // Node skips one; a proxy that does not reads another body than we do
    return { code: 'request.malformed', detail: 'expected `chunked` as the transfer coding, got an empty one before it' };
  if (transfer.length > 1)
    return { code: 'request.encodingRefused', detail: `expected no transfer coding but \`chunked\`, got ${transfer.length}` };
  if (codingsOf(headers, 'content-encoding').some((coding) => coding !== '' && coding !== 'identity'))
    return { code: 'request.encodingRefused', detail: 'expected no `Content-Encoding`, got one' };
  const declared = Number(headers.one('content-length') ?? 0);
  return declared > bodyBytes ? { code: 'request.tooLarge', detail: tooLarge(bodyBytes, String(declared)) } : undefined;
}

/**
 * Whether another request may stand behind this one. Not where others on the way may read another end of its body, so that what
 * follows may be a part of it; nor behind an `Upgrade`, after which Node no longer tells of a head that is malformed.
 */
export function mayBeFollowed(headers: DeliveryHeaders): boolean {
  const transfer = codingsOf(headers, 'transfer-encoding');
  return transfer.length <= 1 && transfer.every((coding) => coding === 'chunked') && headers.all('upgrade').length === 0;
}

/** The refusal of a sender whose address is not on the list of its source; says which address was judged. */
export function refuseAddress(client: IpAddress | undefined): RefusalReason {
  const got = client === undefined ? 'a proxy that names no sender in `X-Forwarded-For`' : client.text;
  return { code: 'source.addressRefused', detail: `expected an address on the list of the source, got ${got}` };
}

/** The detail of a 413. */
export function tooLarge(limitBytes: number, got: string): string {
  return `expected at most ${limitBytes} bytes, got ${got}`;
}

function codingsOf(headers: DeliveryHeaders, name: string): string[] {
  return headers.all(name).flatMap((value) => value.split(',').map((coding) => coding.trim().toLowerCase()));
}

/** Why nothing was answered, and what to do where more is known than that. */
export interface FetchFailure {
  readonly reason: string;
  readonly fix?: string;
}

/** Says why a request got no answer: `fetch` says no more than that it failed, its cause knows why. */
export function toFetchFailure(
  error: unknown,
  {
    timeoutMs,
    ownName,
  }: {
    readonly timeoutMs: number;
    /** What to do about a certificate that is for another name. */
    readonly ownName: string;
  },
): FetchFailure {
  if (!(error instanceof Error)) return { reason: 'no answer' };
  if (error.name === 'TimeoutError') return { reason: `no answer within ${timeoutMs / 1_000} s` };
  const { cause } = error;
  if (!(cause instanceof Error)) return { reason: error.message };
  if (!('code' in cause && typeof cause.code === 'string')) return { reason: cause.message };
  if (UNKNOWN_AUTHORITY.has(cause.code))
    return { reason: `a certificate of an authority that is not known here (${cause.code})`, fix: TRUST };
  if (cause.code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { reason: 'a certificate for another name', fix: ownName };
  return { reason: cause.code };
}

/** OpenSSL's X509_V_ERR_*, as Node names them. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const TRUST =
  'name the file with the certificate of its authority, for a self-signed one its own, in the environment variable `NODE_EXTRA_CA_CERTS`';

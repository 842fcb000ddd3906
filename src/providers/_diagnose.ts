import { HooklineError } from '../contracts/errors.ts';
import type { SignatureCode, Verdict } from '../contracts/webhook.ts';
import { toByteVariants, toJsonVariants } from './_body-variants.ts';
import { isSameDigest } from './_hmac.ts';
import type { ProviderDefinition, SignedRequest, VerifyContext } from './define-provider.ts';

/** What diagnosing needs of a provider. */
export type Diagnosable = Pick<ProviderDefinition, 'name' | 'verify'> & Partial<Pick<ProviderDefinition, 'sign'>>;

/** A refused request, and what it was judged by. */
export interface DiagnoseInput {
  readonly provider: Diagnosable;
  /** Every provider that there is. */
  readonly providers: readonly Diagnosable[];
  readonly request: SignedRequest;
  readonly context: VerifyContext;
  readonly code: SignatureCode;
  /** Spends whatever it takes, for a person who waits. @default false: at most 2 secrets, 2 other providers and a dozen variants */
  readonly thorough?: boolean;
}

/** Larger bodies are diagnosed on the command line only. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_SECRETS = 2;
const MAX_OTHERS = 2;

/**
 * Says what has probably gone wrong with a refused request, as one clause for a person; `undefined` where there is nothing to add to
 * the code. It holds no secret, no signature and nothing of the body. The work is bounded, so that a sender of bad requests cannot
 * buy much of it.
 */
export function diagnose(input: DiagnoseInput): string | undefined {
  const { code, request, context, thorough = false } = input;
  if (code === 'signature.stale' || code === 'signature.duplicate') return undefined;
  if (!thorough && request.body.byteLength > MAX_BODY_BYTES) return 'see `hookline verify`: the body is too large to be looked into here';
  const secrets = thorough ? context.secrets : context.secrets.slice(0, MAX_SECRETS);
  const bounded: DiagnoseInput = { ...input, context: { ...context, secrets, toleranceSeconds: null } };
  return ofOtherProvider(bounded) ?? ofSpelling(bounded) ?? (code === 'signature.mismatch' ? ofMismatch(bounded) : undefined);
}

/** The headers of another provider: the source names the wrong one, or somebody posts to the wrong source. */
function ofOtherProvider({ provider, providers, request, context, thorough = false }: DiagnoseInput): string | undefined {
  const present: { readonly name: string; readonly ok: boolean }[] = [];
  for (const other of providers) {
    if (other.name === provider.name || present.length === (thorough ? providers.length : MAX_OTHERS)) continue;
    const verdict = judge(other, request, context);
    if (verdict?.ok !== false || verdict.code !== 'signature.missing') present.push({ name: other.name, ok: verdict?.ok === true });
  }
  const [other] = present.toSorted((a, b) => Number(b.ok) - Number(a.ok));
  if (other === undefined) return undefined;
  return other.ok
    ? `the signature is right by the scheme of \`${other.name}\`: the source names the wrong provider`
    : `the headers are those of \`${other.name}\``;
}

/** A right digest in the wrong encoding or without its prefix. Only where the signature depends on nothing but body and secret. */
function ofSpelling({ provider, request, context }: DiagnoseInput): string | undefined {
  for (const secret of context.secrets) {
    const [header, right] = onlyHeader(provider.sign?.({ body: request.body, secret, now: context.now }));
    if (header === undefined || right === undefined) return undefined;
    const given = request.headers.one(header);
    const digest = bytesOfDigest(right);
    if (given === undefined || given === right || digest === undefined) continue;
    if (isSameDigest(bytesOfDigest(given), digest))
      return `the digest in \`${header}\` is right, and written otherwise than the provider writes it`;
  }
  return undefined;
}

function ofMismatch(input: DiagnoseInput): string {
  const { provider, request, context, thorough = false } = input;
  const accepts = (body: Uint8Array, secrets: readonly string[]): boolean =>
    judge(provider, { headers: request.headers, body }, { ...context, secrets })?.ok === true;
  const trimmed = context.secrets.map((secret) => secret.trim().replace(/^(["'])(.*)\1$/, '$2'));
  const altered = trimmed.filter((secret, index) => secret !== '' && secret !== context.secrets[index]);
  if (altered.length > 0 && accepts(request.body, altered))
    return 'the signature fits the secret without the spaces, line ends or quotes around it';
  const variants = [...toByteVariants(request.body), ...(thorough ? toJsonVariants(request.body) : [])];
  const variant = variants.find(({ body }) => accepts(body, context.secrets));
  if (variant !== undefined) return `the signature fits the body ${variant.means}`;
  const tried = thorough ? 'nor any usual variant of it' : 'nor with other line ends';
  return `no live secret of the source fits the body as it came, ${tried}: the secret is another one, or something changes the body`;
}

/** `undefined` where the headers are those of the provider, and a secret is no key of it. */
function judge({ verify }: Diagnosable, request: SignedRequest, context: VerifyContext): Verdict | undefined {
  try {
    return verify(request, context);
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'settings.secretWeak') return undefined;
    throw error;
  }
}

function onlyHeader(headers: Readonly<Record<string, string>> = {}): readonly [string?, string?] {
  const [only, ...others] = Object.entries(headers);
  return only === undefined || others.length > 0 || only[1].includes(',') ? [] : only;
}

/** The bytes of the longest run of digits in hexadecimal or base64, where it could be a digest. */
function bytesOfDigest(value: string): Buffer | undefined {
  const [hex] = /[0-9a-f]{40,128}$/i.exec(value) ?? [];
  if (hex !== undefined && hex.length % 2 === 0) return Buffer.from(hex, 'hex');
  const [base64] = /[A-Za-z0-9+/_-]{27,86}={0,2}$/.exec(value.slice(-90)) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64url');
}

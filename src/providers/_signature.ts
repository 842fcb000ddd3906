import { HooklineError } from '../contracts/errors.ts';
import { decodeExactly } from './_encoding.ts';
import { readSignature } from './_read-signature.ts';
import type { Candidate } from './_read-signature.ts';
import { TOLERANCE_SECONDS } from './_scheme.ts';
import type { Method, SignatureScheme } from './_scheme.ts';
import { toSignedContent } from './_signed-content.ts';
import type { Sign, Verify } from './define-provider.ts';

/**
 * Accepts a request that one of the live secrets has signed by one of the methods; the first secret that fits is named. Every
 * header must stand exactly once and each signature hold its one canonical form, so that no other text passes for it. All secrets
 * meet all signatures, 10 at most, each in constant time. A signed time is judged last: `signature.stale` says that everything else
 * is right. Throws `settings.secretWeak` where there is no secret or an empty one: an empty key would sign happily.
 */
export function verifySignature(scheme: SignatureScheme, methods: readonly Method[]): Verify {
  const { header, prefix = '', encoding, content: template = '{body}', time } = scheme;
  const versions = methods.map(({ version }) => version);
  return ({ headers, body }, { secrets, now, toleranceSeconds = TOLERANCE_SECONDS }) => {
    refuseEmpty(secrets);
    const read = readSignature(headers, scheme, versions);
    if (!read.ok) return read;
    const candidates = methods.map((method) => ({ method, signatures: decodeAll(read.candidates, { encoding, method }) }));
    if (candidates.every(({ signatures }) => signatures.length === 0)) {
      const forms = methods.map(({ bytes }) => bytes).join(' or ');
      const expected = `${prefix === '' ? '' : `\`${prefix}\` and `}the ${encoding} of ${forms} bytes`;
      return { ok: false, code: 'signature.malformed', detail: `header \`${header}\`: expected ${expected}` };
    }
    const content = toSignedContent(template, { ...read.signed, body });
    let secretIndex = -1;
    for (const [index, secret] of secrets.entries()) {
      for (const { method, signatures } of candidates) {
        const judge = method.judge(secret, content);
        for (const signature of signatures) {
          // No early exit: the time must not tell which secret has signed.
          const fits = judge?.(signature) ?? false;
          if (fits && secretIndex < 0) secretIndex = index;
        }
      }
    }
    if (secretIndex < 0) return { ok: false, code: 'signature.mismatch' };
    const stale = time === undefined ? undefined : staleness({ atSeconds: read.atSeconds ?? 0, now, toleranceSeconds, sides: time.sides });
    return stale === undefined ? { ok: true, secretIndex } : { ok: false, code: 'signature.stale', detail: stale };
  };
}

/** Makes the headers that `verifySignature` of the same scheme and methods accepts, by the first method that the secret is a key of. */
export function makeSignature(scheme: SignatureScheme, methods: readonly Method[], makeId?: (body: Uint8Array) => string): Sign {
  const { header, prefix = '', encoding, list, content: template = '{body}', id: idHeader, time } = scheme;
  return ({ body, secret, now, headers = {} }) => {
    refuseEmpty([secret]);
    const given =
      idHeader === undefined ? undefined : Object.entries(headers).find(([name]) => name.toLowerCase() === idHeader.toLowerCase())?.[1];
    const id = given ?? makeId?.(body) ?? '';
    const iso = now.toISOString();
    const ts = time?.form === 'iso' ? `${iso.slice(0, 19)}Z` : String(Math.floor(now.getTime() / 1_000));
    const content = toSignedContent(template, { id, ts, body });
    for (const method of methods) {
      const signature = method.sign(secret, content)?.toString(encoding);
      if (signature === undefined) continue;
      const item = list === undefined ? prefix + signature : `${method.version ?? ''}${list.assign}${signature}`;
      const dated =
        time !== undefined && 'item' in time.in ? `${time.in.item}${list?.assign ?? ''}${ts}${list?.separator ?? ''}${item}` : item;
      return {
        ...(idHeader === undefined || given !== undefined ? {} : { [idHeader]: id }),
        ...(time !== undefined && 'header' in time.in ? { [time.in.header]: ts } : {}),
        [header]: dated,
      };
    }
    throw new HooklineError('settings.secretWeak', { expected: 'a secret that can sign', where: 'the secrets of the source' });
  };
}

function decodeAll(
  candidates: readonly Candidate[],
  { encoding, method }: { readonly encoding: SignatureScheme['encoding']; readonly method: Method },
): readonly Buffer[] {
  const { version, bytes } = method;
  return candidates.flatMap((candidate) =>
    candidate.version === version ? (decodeExactly(candidate.text, { encoding, bytes }) ?? []) : [],
  );
}

/** Whole seconds on both sides, as vendors count: exactly the limit is accepted, one past it is not. */
function staleness({
  atSeconds,
  now,
  toleranceSeconds,
  sides,
}: {
  readonly atSeconds: number;
  readonly now: Date;
  readonly toleranceSeconds: number | null;
  readonly sides: 'past' | 'both';
}): string | undefined {
  if (toleranceSeconds === null) return undefined;
  const ageSeconds = Math.floor(now.getTime() / 1_000) - atSeconds;
  if (ageSeconds > toleranceSeconds) return `signed ${ageSeconds} s ago, expected at most ${toleranceSeconds} s`;
  const isAhead = sides === 'both' && -ageSeconds > toleranceSeconds;
  return isAhead ? `signed ${-ageSeconds} s ahead of our clock, expected at most ${toleranceSeconds} s` : undefined;
}

function refuseEmpty(secrets: readonly string[]): void {
  if (secrets.length === 0 || secrets.includes('')) {
    throw new HooklineError('settings.secretWeak', {
      expected: 'at least one secret, none of them empty',
      where: 'the secrets of the source',
    });
  }
}

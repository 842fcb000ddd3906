import type { DeliveryHeaders, Source, SourceOptions } from '../contracts/webhook.ts';

const REDACTED = '[redacted]';
const ALLOWED = /^(?:content-type$|user-agent$|x-|webhook-)/;
const SECRET_PART = /secret|token|passw|cookie|credential|apikey/;
const SECRET_WORDS = new Set(['auth', 'authorization', 'authentication', 'key', 'jwt', 'bearer', 'session', 'pwd', 'pass', 'assertion']);

/**
 * The header lines that may be stored, in order: `content-type`, `user-agent`, `x-*`, `webhook-*`, and those in which the source
 * looks for its event's id, type, time or data, or that its provider reads (`also`), so that a replay sees what the receipt saw. No
 * stored value holds a live secret of the source, or stands under a name that speaks of one (`x-gitlab-token`): such a line stays,
 * its value does not.
 * HMAC signatures are kept: they give no secret away, and tell a wrong secret from a changed body afterwards.
 * Values are whole, since an id may stand in one; `IngressLimits.headerBytes` bounds them. Node admits no NUL in a header, and
 * reads one character a byte, so that PostgreSQL takes them all.
 */
export function toStoredHeaders(headers: DeliveryHeaders, source: Source, also: readonly string[] = []): [name: string, value: string][] {
  const located = locatedHeaders(source.options);
  const stored: [string, string][] = [];
  for (const [name, value] of headers.lines) {
    const isLocated = located.includes(name);
    if (!isLocated && !ALLOWED.test(name) && !also.includes(name)) continue;
    const isSecret = (!isLocated && speaksOfSecret(name)) || source.secrets.some((secret) => value.includes(secret));
    stored.push([name, isSecret ? REDACTED : value]);
  }
  return stored;
}

function locatedHeaders({ id, type, time, data }: SourceOptions): string[] {
  return [id, type, time, data].flatMap((place) => (typeof place === 'object' && 'header' in place ? [place.header.toLowerCase()] : []));
}

function speaksOfSecret(name: string): boolean {
  return SECRET_PART.test(name) || name.split(/[-_.]/).some((word) => SECRET_WORDS.has(word));
}

const LONGEST_MS = 60 * 60 * 1000;

/** What a `Retry-After` asks for (RFC 9110, 10.2.3: seconds or a date), in milliseconds, at most an hour; undefined without one. */
export function retryAfterMs(header: string | readonly string[] | undefined, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  const wanted = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_MS);
}

import { InvalidArgumentError } from 'commander';

/** A header that somebody gives by hand. */
export type GivenHeader = readonly [name: string, value: string];

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, 5.5, in Latin-1: no line ends, no NUL. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** What the URL, the connection and the body's length decide. */
const OF_HTTP = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Reads `Name: value`; refuses what is no header, and headers that belong to the connection. */
export function parseGivenHeader(text: string): GivenHeader {
  const at = text.indexOf(':');
  const name = text.slice(0, Math.max(0, at)).trim();
  const value = text.slice(at + 1).trim();
  if (!TOKEN.test(name) || !VALUE.test(value)) throw new InvalidArgumentError('expected `Name: value`, in Latin-1 without line ends.');
  if (OF_HTTP.has(name.toLowerCase())) throw new InvalidArgumentError('expected a header that does not belong to the connection.');
  return [name, value];
}

/** The headers with the given ones in place of those of the same names, in any case; of one name the last counts. */
export function addHeaders(headers: Readonly<Record<string, string>>, given: readonly GivenHeader[]): Readonly<Record<string, string>> {
  const byName = new Map([...Object.entries(headers), ...given].map((header) => [header[0].toLowerCase(), header]));
  return Object.fromEntries(byName.values());
}

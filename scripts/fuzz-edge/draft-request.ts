import type { Chance } from './chance.ts';

/** One header line. */
export type Line = readonly [name: string, value: string];

/** A request before it is bytes. */
export interface DraftRequest {
  readonly method: string;
  readonly target: string;
  /** Without `Host` and the framing. */
  readonly lines: readonly Line[];
  readonly body: Uint8Array;
}

/** How the end of a body is told. */
export type Framing = 'length' | 'chunked' | 'given';

/** The bytes of a request: `Host` first, one body, its end told by its length, in chunks, or as the lines say. */
export function toBytes({ method, target, lines, body }: DraftRequest, framing: Framing = 'length', chance?: Chance): Buffer {
  const framed: readonly Line[] =
    framing === 'length' ? [['Content-Length', String(body.length)]] : framing === 'chunked' ? [['Transfer-Encoding', 'chunked']] : [];
  const content = framing === 'chunked' && chance !== undefined ? toChunks(body, { chance }) : body;
  return Buffer.concat([toHead({ method, target, lines: [['Host', 'localhost'], ...lines, ...framed] }), content]);
}

/** The bytes of a request's head, exactly these lines. */
export function toHead({ method, target, lines }: Omit<DraftRequest, 'body'>, version = 'HTTP/1.1'): Buffer {
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1');
}

/** A body in chunks of sizes that chance chooses, spelled in ways that are all right. */
export function toChunks(
  body: Uint8Array,
  { chance, trailers = [] }: { readonly chance: Chance; readonly trailers?: readonly Line[] },
): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, chance.whole(1, Math.max(2, body.length)));
    const hex = chance.maybe(0.5) ? size.toString(16).toUpperCase() : `${'0'.repeat(chance.whole(0, 4))}${size.toString(16)}`;
    const extension = chance.pick(['', '', ';a=b', ';a="x y"']);
    parts.push(Buffer.from(`${hex}${extension}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')]);
}

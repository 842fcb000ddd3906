/** A body as it may have been when it was signed, and what would have happened to it since. */
export interface BodyVariant {
  readonly body: Uint8Array;
  /** A clause: "with CRLF as its line ends: something rewrites them". */
  readonly means: string;
}

/** U+FEFF in UTF-8, one character a byte. */
const BOM = '\u00ef\u00bb\u00bf';

/** What proxies and tools commonly do to a body, undone; cheap, and at most six. */
export function toByteVariants(body: Uint8Array): readonly BodyVariant[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString('latin1'); // one character a byte: nothing is lost
  const variants: BodyVariant[] = [{ body: bytesOf(`${text}\n`), means: 'with a newline at its end: something takes it off' }];
  const trimmed = text.replace(/\r?\n$/, '');
  if (trimmed !== text) variants.push({ body: bytesOf(trimmed), means: 'without the newline at its end: something adds one' });
  if (text.includes('\n')) {
    const lines = text.replaceAll('\r\n', '\n');
    if (lines !== text) variants.push({ body: bytesOf(lines), means: 'with LF as its line ends: something makes them CRLF' });
    const crlf = lines.replaceAll('\n', '\r\n');
    if (crlf !== text) variants.push({ body: bytesOf(crlf), means: 'with CRLF as its line ends: something makes them LF' });
  }
  if (text.startsWith(BOM)) variants.push({ body: bytes.subarray(BOM.length), means: 'without a BOM: something adds one' });
  return variants;
}

/** The same JSON as common libraries write it: for a body that something has parsed and written anew. Not cheap. */
export function toJsonVariants(body: Uint8Array): readonly BodyVariant[] {
  try {
    return writeAnew(body, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch {
    return []; // no JSON, or one so deep that nothing writes it anew
  }
}

function writeAnew(body: Uint8Array, json: unknown): readonly BodyVariant[] {
  const compact = JSON.stringify(json);
  const spaced = toSpaced(json);
  const writings = [
    { text: compact, how: 'compact, as JavaScript writes it' },
    { text: JSON.stringify(json, undefined, 2), how: 'indented by two' },
    { text: JSON.stringify(json, undefined, 4), how: 'indented by four' },
    { text: spaced, how: 'with spaces after `:` and `,`, as Python writes it' },
    { text: toAscii(spaced), how: 'with spaces and `\\u` escapes, as Python writes it' },
    { text: toAscii(compact), how: 'compact with `\\u` escapes' },
    { text: toAscii(compact).replaceAll('/', '\\/'), how: 'with `\\/` and `\\u` escapes, as PHP writes it' },
    { text: compact.replaceAll('/', '\\/'), how: 'with `\\/`' },
    { text: compact.replaceAll(/[<>&]/g, toEscape), how: 'with `<`, `>` and `&` escaped, as Go writes it' },
  ];
  const seen = new Set([Buffer.from(body).toString()]);
  return writings.flatMap(({ text, how }) => {
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ body: Buffer.from(text), means: `${how}: something parses it and writes it anew` }];
  });
}

/** As `JSON.stringify`, with a space after each colon and comma. */
function toSpaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toSpaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${toSpaced(member)}`);
  return `{${members.join(', ')}}`;
}

function toAscii(text: string): string {
  return text.replaceAll(/[\u007f-\uffff]/g, toEscape);
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

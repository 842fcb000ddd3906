/** What a template is filled with. */
export interface SignedParts {
  readonly id: string;
  readonly ts: string;
  readonly body: Uint8Array;
}

const PLACE = /(\{(?:id|ts|body)\})/;

/**
 * The bytes that are signed, in pieces, so that a body is never copied: `{id}.{ts}.{body}`. Header texts are one character a byte,
 * as Node reads them.
 */
export function toSignedContent(template: string, { id, ts, body }: SignedParts): readonly Uint8Array[] {
  return template.split(PLACE).flatMap((piece) => {
    if (piece === '{body}') return [body];
    const text = piece === '{id}' ? id : piece === '{ts}' ? ts : piece;
    return text === '' ? [] : [Buffer.from(text, 'latin1')];
  });
}

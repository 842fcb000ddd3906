/** A reader of PostgreSQL's wire protocol (version 3): takes bytes as they come, and gives whole messages. */
export interface MessageReader {
  read(bytes: Buffer): readonly Buffer[];
}

const HEAD_BYTES = 5;

/** Makes a reader of one direction; a client's first message has no type. */
export function createMessageReader({ startsUp }: { readonly startsUp: boolean }): MessageReader {
  let rest = Buffer.alloc(0);
  let hasType = !startsUp;
  return {
    read(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const messages: Buffer[] = [];
      for (;;) {
        const typeBytes = hasType ? 1 : 0;
        if (rest.length < typeBytes + 4) return messages;
        const end = typeBytes + rest.readInt32BE(typeBytes);
        if (rest.length < end) return messages;
        messages.push(rest.subarray(0, end));
        rest = rest.subarray(end);
        hasType = true;
      }
    },
  };
}

/** The type of a message: `B`, `Q`, `Z`. */
export function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

/** The name of what a client asks for in one round trip: the prepared statement's, or the first word of its SQL; empty of what is neither. */
export function nameOf(messages: readonly Buffer[]): string {
  for (const message of messages) {
    if (typeOf(message) === 'Q') return /^\w*/.exec(textAt(message, HEAD_BYTES))?.[0].toUpperCase() ?? '';
    // Bind: the portal's name, which is empty, and the statement's
    if (typeOf(message) === 'B') return textAt(message, HEAD_BYTES + textAt(message, HEAD_BYTES).length + 1);
  }
  return '';
}

/** A simple query. */
export function toQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const message = Buffer.alloc(HEAD_BYTES + text.length);
  message.write('Q');
  message.writeInt32BE(4 + text.length, 1);
  text.copy(message, HEAD_BYTES);
  return message;
}

function textAt(message: Buffer, from: number): string {
  return message.toString('utf8', from, message.indexOf(0, from));
}

import { connect, type Socket } from 'node:net';

/** One keep-alive connection, with at most one request on it at a time. */
export interface Connection {
  /** Sends a request; `onAnswer` gets its status, or 0 where none came. */
  send(request: Buffer, onAnswer: (status: number) => void): void;
  close(): void;
}

/** Options of `createConnection`. */
export interface ConnectionOptions {
  readonly port: number;
  /** Told each time a connection is opened: at first, and after the server has closed the last one. */
  readonly onOpen: () => void;
}

const HEAD_END = '\r\n\r\n';

/**
 * Makes a connection that opens itself when it is needed. It reads as much of HTTP/1.1 as the systems here write: a status, and a body
 * that has a `Content-Length`, or none.
 */
export function createConnection({ port, onOpen }: ConnectionOptions): Connection {
  let socket: Socket | undefined;
  let waiting: ((status: number) => void) | undefined;
  let text = '';

  const settle = (status: number): void => {
    const tell = waiting;
    waiting = undefined;
    text = '';
    tell?.(status);
  };
  const open = (): Socket => {
    onOpen();
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    opened.setEncoding('latin1');
    opened.on('data', (chunk: string) => {
      text += chunk;
      const answer = readAnswer(text);
      if (answer === undefined) return;
      if (answer.last) {
        socket = undefined;
        opened.destroy();
      }
      settle(answer.status);
    });
    opened.on('error', () => {}); // its close comes next
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = undefined;
      settle(0);
    });
    return opened;
  };
  return {
    send(request, onAnswer) {
      waiting = onAnswer;
      socket ??= open();
      socket.write(request);
    },
    close() {
      waiting = undefined;
      socket?.destroy();
    },
  };
}

/** A whole answer at the beginning of a text, and whether the connection ends with it. */
function readAnswer(text: string): { readonly status: number; readonly last: boolean } | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  if (head.includes('\r\ntransfer-encoding:')) throw new Error('an answer in chunks is not read by this generator');
  const status = Number(head.slice(9, 12));
  const length = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
  if (text.length < headEnd + HEAD_END.length + length) return undefined;
  return { status, last: head.includes('\r\nconnection: close') };
}

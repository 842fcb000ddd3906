import type { Socket } from 'node:net';

/** Sends one line of a reply; nothing where the connection has gone. */
export type Say = (line: string) => void;

/** What a mail server makes of what it is told. */
export interface SmtpHost {
  /** Answers the whole line of a `RCPT`. */
  readonly onRecipient: (line: string, say: Say) => void;
  /** Answers a message whose final dot has come. */
  readonly onMessage: (text: string, say: Say) => void;
}

/** Holds the server's side of one SMTP connection, as far as a client without extensions goes (RFC 5321). */
export function converseSmtp(socket: Socket, { onRecipient, onMessage }: SmtpHost): void {
  let message: string | null = null;
  let rest = '';
  const say: Say = (line) => void (socket.writable && socket.write(`${line}\r\n`));
  const takeCommand = (line: string): void => {
    if (/^RCPT/i.test(line)) onRecipient(line, say);
    else if (/^DATA/i.test(line)) {
      message = '';
      say('354 go on');
    } else if (/^QUIT/i.test(line)) {
      say('221 bye');
      socket.end();
    } else say('250 ok');
  };
  const takeDot = (text: string): void => {
    message = null;
    onMessage(text, say);
  };
  say('220 ready');
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (message === null) takeCommand(line);
      else if (line === '.') takeDot(message);
      else message += `${line}\r\n`;
    }
  });
}

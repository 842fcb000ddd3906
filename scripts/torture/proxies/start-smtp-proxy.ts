import { MODES, type IoCall, type IoGate, type IoProxy, type Role } from '../io-call.ts';
import { startTcpProxy, type TcpLink, type TcpProxyOptions } from './start-tcp-proxy.ts';

const FINAL_DOT = '\r\n.\r\n';

/** Starts a proxy before a mail server that knows the greeting, each command, and the message with its final dot. */
export function startSmtpProxy(options: TcpProxyOptions): Promise<IoProxy> {
  return startTcpProxy(options, converse);
}

function converse(link: TcpLink, role: Role, gate: IoGate): void {
  const { client, upstream } = link;
  let asked = '';
  let answered = '';
  let inMessage = false;
  let isRefused = false;
  let current: IoCall | undefined;

  const ask = async (verb: string, text: string): Promise<void> => {
    const call: IoCall = {
      role,
      name: `mail ${verb}`,
      group: `${role} mail ${link.id}`,
      request: Buffer.from(text, 'latin1'),
      modes: MODES,
    };
    const step = await gate.before(call);
    if (step === 'cut') return link.cut();
    if (step === 'hang') return link.freeze();
    if (step === 'refuse') {
      isRefused = true;
      return void client.write(verb === 'connect' ? '421 4.3.2 not now\r\n' : '451 4.3.0 not now\r\n');
    }
    current = call;
    inMessage = verb === 'DATA';
    if (text !== '') upstream.write(text, 'latin1');
    void answer();
  };
  /** Gives the reply that is there, where it is whole and somebody waits for it. */
  const answer = async (): Promise<void> => {
    const reply = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/.exec(answered)?.[0];
    if (current === undefined || reply === undefined) return;
    const call = current;
    current = undefined;
    answered = answered.slice(reply.length);
    const step = await gate.after(call, Buffer.from(reply, 'latin1'));
    if (step === 'cut') return link.cut();
    if (step === 'hang') return link.freeze();
    client.write(reply, 'latin1');
  };

  client.setEncoding('latin1').on('data', (text: string) => {
    // whoever has refused has no more of this mail
    if (isRefused) return void client.end('221 bye\r\n');
    asked += text;
    for (;;) {
      const end = inMessage ? asked.indexOf(FINAL_DOT) + FINAL_DOT.length : asked.indexOf('\r\n') + 2;
      if (end < (inMessage ? FINAL_DOT.length : 2)) return;
      const whole = asked.slice(0, end);
      asked = asked.slice(end);
      void ask(inMessage ? 'message' : (/^\w+/.exec(whole)?.[0].toUpperCase() ?? ''), whole);
      inMessage = false;
    }
  });
  upstream.setEncoding('latin1').on('data', (text: string) => {
    answered += text;
    void answer();
  });
  void ask('connect', '');
}

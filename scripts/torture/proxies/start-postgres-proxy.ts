import { MODES, type IoCall, type IoGate, type IoProxy, type Role } from '../io-call.ts';
import { createMessageReader, nameOf, toQuery, typeOf } from './postgres-messages.ts';
import { startTcpProxy, type TcpLink, type TcpProxyOptions } from './start-tcp-proxy.ts';

/** Messages that are no part of a question: a password, and goodbye. */
const BESIDE = new Set(['p', 'X']);
/** A question ends with one of these. */
const LAST = new Set(['Q', 'S']);
/** SQLSTATE 53100: the disk is full. */
const SAY_NO = `DO $torture$ BEGIN RAISE EXCEPTION 'torture' USING ERRCODE = '53100'; END $torture$`;

/** Starts a proxy before PostgreSQL that knows each statement by its name, and a transaction by its connection. */
export function startPostgresProxy(options: TcpProxyOptions): Promise<IoProxy> {
  return startTcpProxy(options, converse);
}

function converse(link: TcpLink, role: Role, gate: IoGate): void {
  const { client, upstream } = link;
  const [fromClient, fromServer] = [createMessageReader({ startsUp: true }), createMessageReader({ startsUp: false })];
  let isStartup = true;
  let question: Buffer[] = [];
  let reply: Buffer[] = [];
  let current: IoCall | undefined;
  let groups = 0;
  let inTransaction = false;

  const ask = async (name: string, request: Buffer): Promise<void> => {
    if (!inTransaction) groups += 1;
    inTransaction = name === 'BEGIN' || (inTransaction && name !== 'COMMIT' && name !== 'ROLLBACK');
    const call: IoCall = { role, name, group: `${role} sql ${link.id}.${groups}`, request, modes: MODES };
    const step = await gate.before(call);
    if (step === 'cut') return link.cut();
    if (step === 'hang') return link.freeze();
    if (step === 'pass') current = call;
    // a COMMIT that is refused is a ROLLBACK
    upstream.write(step === 'pass' ? request : toQuery(name === 'COMMIT' ? `ROLLBACK; ${SAY_NO}` : SAY_NO));
  };
  const answer = async (call: IoCall, bytes: Buffer): Promise<void> => {
    const step = await gate.after(call, bytes);
    if (step === 'cut') return link.cut();
    if (step === 'hang') return link.freeze();
    client.write(bytes);
  };

  client.on('data', (bytes: Buffer) => {
    for (const message of fromClient.read(bytes)) {
      if (isStartup || BESIDE.has(typeOf(message))) {
        isStartup = false;
        upstream.write(message);
        continue;
      }
      question.push(message);
      if (!LAST.has(typeOf(message))) continue;
      const [name, request] = [nameOf(question), Buffer.concat(question)];
      question = [];
      if (name === '') upstream.write(request);
      else void ask(name, request);
    }
  });
  upstream.on('data', (bytes: Buffer) => {
    if (current === undefined) return void client.write(bytes);
    for (const message of fromServer.read(bytes)) {
      reply.push(message);
      if (typeOf(message) !== 'Z' || current === undefined) continue;
      const [call, whole] = [current, Buffer.concat(reply)];
      reply = [];
      current = undefined;
      void answer(call, whole);
    }
  });
}

import { once } from 'node:events';
import { connect } from 'node:net';

/** How many items a list of a Redis on this machine holds. */
export async function redisLength(port: number, key: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.write(`LLEN ${key}\r\n`);
  const [reply] = (await once(socket, 'data')) as [string]; // by its encoding
  socket.destroy();
  return Number(/^:(\d+)/.exec(reply)?.[1]);
}

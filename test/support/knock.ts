import { once } from 'node:events';
import { connect } from 'node:net';

// A program of its own: once it is told to by a byte on stdin, sends requests over a connection each, all at once, and says in one line of JSON
// how each has ended.

const [port = '', senders = '', request = ''] = process.argv.slice(2);

function knock(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => socket.write(Buffer.from(request, 'base64')));
    socket.setEncoding('latin1');
    socket.once('data', (text: string) => {
      resolve(text.slice(0, 'HTTP/1.1 200'.length));
      socket.destroy();
    });
    socket.on('error', (error: Error & { readonly code?: string }) => resolve(String(error.code)));
  });
}

console.log('ready');
await once(process.stdin, 'data');
console.log(JSON.stringify(await Promise.all(Array.from({ length: Number(senders) }, knock))));
process.exit();

import { createServer } from 'node:http';
import { readVariable } from './serve-webhooks.ts';

// Does nothing with what is posted, and answers at once; tells by GET how many keys were posted to a path, and when the latest was.
const paths = new Map<string, { readonly keys: Set<string>; lastMs: number }>();
createServer((request, response) => {
  const path = request.url ?? '/';
  const known = paths.get(path) ?? { keys: new Set<string>(), lastMs: NaN };
  paths.set(path, known);
  request.resume().on('end', () => {
    if (request.method === 'POST') {
      known.keys.add(String(request.headers['idempotency-key']));
      known.lastMs = Date.now();
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(request.method === 'POST' ? '{}' : JSON.stringify({ count: known.keys.size, lastMs: known.lastMs }));
  });
}).listen(Number(readVariable('PORT')), '127.0.0.1');

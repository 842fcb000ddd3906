import { createHmac, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';

/** A verified webhook. */
export interface Webhook {
  /** Of the delivery: a UUID. */
  readonly id: string;
  /** The parsed body. */
  readonly event: object;
}

/**
 * Serves the same webhook handler for every peer: raw bytes, HMAC SHA-256 compared in constant time, JSON parsed, kept, and only then
 * answered 200. It has no logger and no schema: it is as fast as Fastify can be.
 */
export async function serveWebhooks(keep: (webhook: Webhook) => unknown): Promise<void> {
  const secret = readVariable('WEBHOOK_SECRET');
  const app = fastify();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/github', async (request, reply) => {
    const body = request.body as Buffer; // what the parser above makes of it
    const expected = createHmac('sha256', secret).update(body).digest();
    const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send({ status: 'refused' });
    const event = JSON.parse(body.toString()) as object; // signed by the sender
    await keep({ id: String(request.headers['x-github-delivery']), event });
    return { status: 'accepted' };
  });
  await app.listen({ host: '127.0.0.1', port: Number(readVariable('PORT')) });
}

/** A variable that the benchmark sets. */
export function readVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

import { serveWebhooks } from './serve-webhooks.ts';

// Keeps nothing: the limit that Fastify, verification and parsing set.
await serveWebhooks(() => {});

import { Queue } from 'bullmq';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// docs.bullmq.io/guide/going-to-production; the delivery's id is the job's, so that a repeated delivery is one job.
const queue = new Queue('webhooks', { connection: { host: '127.0.0.1', port: Number(readVariable('REDIS_PORT')) } });
await queue.waitUntilReady();
await serveWebhooks(({ id, event }) =>
  queue.add('push', event, { jobId: id, attempts: 3, backoff: { type: 'exponential', delay: 1_000 } }),
);

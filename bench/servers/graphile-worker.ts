import { makeWorkerUtils } from 'graphile-worker';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// worker.graphile.org/docs/library/add-job; the delivery's id is the job's key, so that a repeated delivery is one job.
const worker = await makeWorkerUtils({ connectionString: readVariable('DATABASE_URL') });
await worker.migrate();
await serveWebhooks(({ id, event }) => worker.addJob('push', event, { jobKey: id }));

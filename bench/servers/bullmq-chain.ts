import { FlowProducer, Worker } from 'bullmq';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';
import { createSteps } from './steps.ts';

// docs.bullmq.io/guide/flows: a job for each action, each the child of the next, so that they run one after the other.
const connection = { host: '127.0.0.1', port: Number(readVariable('REDIS_PORT')) };
const queueName = 'webhooks';
const opts = { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } };
const steps = createSteps();
const flow = new FlowProducer({ connection });
const worker = new Worker<{ readonly run: string }, void, keyof typeof steps>(queueName, ({ name, data }) => steps[name](data.run), {
  connection: { ...connection, maxRetriesPerRequest: null },
  concurrency: 50,
});
worker.on('error', (error) => console.error(error));
await flow.waitUntilReady();
await serveWebhooks(({ id, event }) => {
  const job = (name: string, data: object) => ({ name, queueName, data: { run: id, ...data }, opts: { ...opts, jobId: `${id}-${name}` } });
  return flow.add({ ...job('third', {}), children: [{ ...job('second', {}), children: [job('first', { event })] }] });
});

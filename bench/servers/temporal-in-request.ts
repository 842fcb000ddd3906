import { Client, Connection } from '@temporalio/client';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// The quickstart's way: a workflow is started in the request; the delivery's id is the workflow's, so that a repeated delivery is one workflow.
const connection = await Connection.connect({ address: readVariable('TEMPORAL_ADDRESS') });
const client = new Client({ connection });
const workflow = process.env['WORKFLOW'] ?? 'push';
await serveWebhooks(({ id, event }) => client.workflow.start(workflow, { taskQueue: 'webhooks', workflowId: id, args: [event] }));

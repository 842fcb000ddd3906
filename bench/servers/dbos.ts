import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// docs.dbos.dev/typescript/examples/queue-worker: a web server enqueues by the client; a worker, which is not started here, runs it. The
// delivery's id is the workflow's, so that a repeated delivery is one workflow.
const systemDatabaseUrl = readVariable('DATABASE_URL');
DBOS.setConfig({ name: 'bench', systemDatabaseUrl, runAdminServer: false });
await DBOS.launch(); // makes the tables
await DBOS.shutdown();
const client = await DBOSClient.create({ systemDatabaseUrl });
await serveWebhooks(({ id, event }) => client.enqueue({ queueName: 'webhooks', workflowName: 'push', workflowID: id }, event));

import { Pool } from 'undici';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// docs.restate.dev/services/invocation/http: a one-way send; the delivery's id is the idempotency key. A delay keeps the handler from
// running meanwhile where no worker of the other systems runs.
const pool = new Pool(readVariable('RESTATE_URL'), { connections: 128 });
const query = readVariable('RESTATE_QUERY');
await serveWebhooks(async ({ id, event }) => {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: `/webhooks/push/send${query}`,
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(event),
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(`restate answers ${statusCode}`);
});

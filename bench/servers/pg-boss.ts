import { PgBoss } from 'pg-boss';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';

// Its README; the delivery's id is the job's, so that a repeated delivery is one job.
const boss = new PgBoss(readVariable('DATABASE_URL'));
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue('webhooks');
await serveWebhooks(({ id, event }) => boss.send('webhooks', event, { id }));

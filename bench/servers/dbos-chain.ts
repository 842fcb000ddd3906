import { DBOS } from '@dbos-inc/dbos-sdk';
import { readVariable, serveWebhooks } from './serve-webhooks.ts';
import { createSteps } from './steps.ts';

// docs.dbos.dev/typescript/tutorials/workflow-tutorial: the process that takes the webhook starts the workflow, under the delivery's id.
const steps = createSteps();
const push = DBOS.registerWorkflow(
  async () => {
    const run = DBOS.workflowID ?? '';
    await DBOS.runStep(() => steps.first(run), { name: 'first' });
    await DBOS.runStep(() => steps.second(run), { name: 'second' });
    await DBOS.runStep(() => steps.third(run), { name: 'third' });
  },
  { name: 'push' },
);
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: readVariable('DATABASE_URL'), runAdminServer: false });
await DBOS.launch();
await serveWebhooks(({ id }) => DBOS.startWorkflow(push, { workflowID: id })());

import { createServer } from 'node:http';
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { readVariable } from './serve-webhooks.ts';
import { createSteps } from './steps.ts';

// The quickstart's worker, with the SDK's defaults.
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: readVariable('TEMPORAL_ADDRESS') }),
  taskQueue: 'webhooks',
  workflowsPath: join(import.meta.dirname, 'temporal-chain-workflows.ts'),
  activities: createSteps(),
});
createServer().listen(Number(readVariable('PORT')), '127.0.0.1'); // says that it is ready
await worker.run();

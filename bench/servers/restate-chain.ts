import * as restate from '@restatedev/restate-sdk';
import { readVariable } from './serve-webhooks.ts';
import { createSteps } from './steps.ts';

// docs.restate.dev/develop/ts/durable-steps: each action is a journaled step.
const steps = createSteps();
const webhooks = restate.service({
  name: 'webhooks',
  handlers: {
    push: async (context: restate.Context, _event: object) => {
      const run = context.rand.uuidv4();
      await context.run('first', () => steps.first(run));
      await context.run('second', () => steps.second(run));
      await context.run('third', () => steps.third(run));
    },
  },
});
await restate.serve({ services: [webhooks], port: Number(readVariable('PORT')) });

import * as restate from '@restatedev/restate-sdk';
import { readVariable } from './serve-webhooks.ts';

// What Restate is to call: it must know a service before it takes anything for it.
const webhooks = restate.service({ name: 'webhooks', handlers: { push: async (_context: restate.Context, _event: object) => {} } });
await restate.serve({ services: [webhooks], port: Number(readVariable('PORT')) });

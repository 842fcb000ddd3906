import { z } from 'zod';
import { listAlerts } from '../../store/list-alerts.ts';
import { defineRoute } from './define-route.ts';
import { time } from './fields.ts';

/** What needs a person. */
export const alerts = {
  list: defineRoute({
    name: 'alerts.list',
    method: 'GET',
    url: '/api/alerts',
    role: 'viewer',
    summary: 'What needs a person at the moment, by rule and target.',
    reply: z.object({
      alerts: z
        .array(
          z.object({
            rule: z.string().meta({ description: 'Such as `run.failed`.' }),
            target: z.string(),
            since: time,
            seenAt: time.meta({ description: 'When it was last found true.' }),
            count: z.number().meta({ description: 'Things that it stands for.' }),
            toldAt: time.nullable().meta({ description: 'Null while nobody could be told.' }),
          }),
        )
        .readonly(),
    }),
    handle: async ({ context: { store } }) => ({ alerts: await listAlerts(store.db) }),
  }),
} as const;

import { z } from 'zod';
import { explain } from '../why/explain.ts';
import { VERDICTS } from '../why/explanation.ts';
import { defineRoute } from './define-route.ts';
import { asked, givenId, time } from './fields.ts';

/** Why something stands as it does. */
export const why = {
  explain: defineRoute({
    name: 'why.explain',
    method: 'GET',
    url: '/api/why',
    role: 'viewer',
    summary: 'Why an event, a run, a delivery or an entity stands as it does.',
    query: z.strictObject({
      about: givenId.meta({ description: "An event's id, a workflow id, a delivery's id, or the type of an entity." }),
      id: givenId.optional().meta({ description: "The entity's id." }),
      source: asked().optional().meta({ description: 'Where several sources have an event with this id.' }),
    }),
    reply: z.object({
      subject: z.object({ kind: z.enum(['event', 'run', 'delivery', 'entity']), id: z.string() }),
      opening: z.string().meta({ description: 'What it is; the beginning of the sentence that the explanations end.' }),
      explanations: z
        .array(
          z.object({
            verdict: z.enum(VERDICTS),
            chain: z.string().nullable().meta({ description: "Null where it is not a run's." }),
            code: z.string().nullable().meta({ description: 'Of the errors table.' }),
            since: time.nullable().meta({ description: 'Since when it stands so; null where nothing tells.' }),
            step: z.string().nullable().meta({ description: '`agent.action`, where it stands at a step.' }),
            said: z.string(),
            fix: z.string().nullable(),
          }),
        )
        .readonly(),
    }),
    handle: ({ query, context: { store, pendingSteps, now } }) => explain({ store, pendingSteps, now: now() }, query),
  }),
} as const;

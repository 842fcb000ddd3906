import { z } from 'zod';
import { listAudit, type AuditRow } from '../../store/audit.ts';
import { defineRoute } from './define-route.ts';
import { asked, next, page, span, time, uuid } from './fields.ts';
import { toPage } from './pages.ts';

/** Who has changed what. */
export const audit = {
  list: defineRoute({
    name: 'audit.list',
    method: 'GET',
    url: '/api/audit',
    role: 'admin',
    summary: 'Every change that a person has made, the newest first.',
    query: z.strictObject({
      actor: asked().optional(),
      action: asked().optional().meta({ description: 'Such as `event.replay`.' }),
      target: asked().optional(),
      text: asked().optional().meta({ description: 'Part of actor, action or target.' }),
      ...span,
      ...page,
    }),
    reply: z.object({
      audit: z
        .array(
          z.object({
            id: z.string(),
            at: time,
            actor: z.string(),
            role: z.string(),
            action: z.string(),
            target: z.string(),
            detail: z.record(z.string(), z.unknown()),
          }),
        )
        .readonly(),
      next,
    }),
    async handle({ query, context: { store } }) {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([uuid]),
        toKey: (row: AuditRow) => [row.id],
        list: ({ limit, before }) => listAudit(store.db, { ...filter, before: before?.[0], limit }),
      });
      return { audit: rows.map((row) => ({ ...row, detail: { ...row.detail } })), next: following };
    },
  }),
} as const;

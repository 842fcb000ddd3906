import { z } from 'zod';
import type { ListedNotice } from '../../store/team-notices.ts';
import { defineRoute } from './define-route.ts';
import { asked, next, page, span } from './fields.ts';
import { exactTime, storedText, toPage } from './pages.ts';
import { noticeView, toNoticeView } from './views/notice-view.ts';

/** What the team was told. */
export const notices = {
  list: defineRoute({
    name: 'notices.list',
    method: 'GET',
    url: '/api/notices',
    role: 'viewer',
    summary: 'What the team was told of escalated tickets, the newest first; without what customers wrote.',
    query: z.strictObject({ text: asked().optional().meta({ description: "Part of a ticket's id." }), ...span, ...page }),
    reply: z.object({ notices: z.array(noticeView).readonly(), next }),
    async handle({ query, context: { store } }) {
      const { text, since, until } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([exactTime, storedText]),
        toKey: (row: ListedNotice) => [row.noticedAtText, row.key],
        list: ({ limit, before }) => {
          const place = before && { noticedAtText: before[0], key: before[1] };
          return store.agentTables.teamNotices({ text, since, until, before: place, limit });
        },
      });
      return { notices: rows.map(toNoticeView), next: following };
    },
  }),
} as const;

import { describe, expect, test } from 'vitest';
import { toNoticeView } from '../../../../src/admin/api/views/notice-view.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const viewOf = (text: string, subject = 'zendesk:1:35436') =>
  toNoticeView({ subject, text, postedTo: 'https://hooks.example', noticedAt: NOW });

describe('a notice', () => {
  test.each([
    ['Ticket #35436 is escalated: priority urgent, zendesk:1:35436\nHelp', 1, 'priority urgent'],
    ['Ticket #35436 is escalated again (2): priority high, zendesk:1:35436', 2, 'priority high'],
    ['Ticket #35436 is escalated again (13): tag `escalated`, zendesk:1:35436\nHelp', 13, 'tag `escalated`'],
  ])('tells of its ticket which escalation it is, and why: %j', (text, escalation, why) => {
    expect(viewOf(text)).toEqual({ noticedAt: NOW, ticket: 'zendesk:1:35436', escalation, why, postedTo: 'https://hooks.example' });
  });

  test('of another kind has neither', () => {
    expect(viewOf('The stock runs low')).toMatchObject({ escalation: null, why: null });
  });

  test('believes neither number nor id nor subject that a sender has chosen', () => {
    const posing = 'x is escalated again (7): priority high';
    expect(viewOf(`Ticket ${posing}, y is escalated: priority urgent, shop:1\n${posing}`, 'shop:1')).toMatchObject({
      escalation: 1,
      why: 'priority urgent',
    });
    expect(viewOf(`Ticket 1 is escalated: tag \`escalated\`, shop:1, ${posing}`, `shop:1, ${posing}`)).toMatchObject({
      escalation: 1,
      why: 'tag `escalated`',
    });
  });
});

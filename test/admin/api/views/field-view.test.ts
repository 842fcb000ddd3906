import { expect, test } from 'vitest';
import { toFieldViews } from '../../../../src/admin/api/views/field-view.ts';

const entity = {
  fields: { name: 'Ada', email: 'ada@example.com', odd: 1 },
  versions: {
    name: { time: '2026-03-01T10:00:00.000Z', rank: 0, eventId: '1001 shop' },
    email: { time: '2026-03-01T11:00:00.000Z', rank: 0, eventId: '1002 shop' },
    odd: 'unread',
  },
};

test('an entity is shown by field, with the event that wrote it, and without what it holds', () => {
  expect(toFieldViews(entity, false)).toEqual([
    { name: 'email', time: '2026-03-01T11:00:00.000Z', event: '1002 shop' },
    { name: 'name', time: '2026-03-01T10:00:00.000Z', event: '1001 shop' },
    { name: 'odd', time: null, event: null },
  ]);
});

test('an entity is shown with what it holds where that is asked for', () => {
  expect(toFieldViews(entity, true).map((field) => field.value)).toEqual(['ada@example.com', 'Ada', 1]);
});

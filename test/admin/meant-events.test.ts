import { expect, test } from 'vitest';
import { toMeantEvents } from '../../src/admin/meant-events.ts';

const shop = { uuid: '01a20c4b-0000-7000-8000-000000000001', source: 'shop', eventId: '1001' };
const erp = { uuid: '01a20c4b-0000-7000-8000-000000000002', source: 'erp', eventId: '1001' };
const byChance = { uuid: 'deadbeef-0000-7000-8000-000000000003', source: 'shop', eventId: '7' };
const exact = { uuid: '01a20c4b-0000-7000-8000-000000000004', source: 'shop', eventId: 'deadbeef' };

test.each([
  ['1001', undefined, [shop, erp], [shop, erp]],
  ['1001', 'erp', [shop, erp], [erp]],
  ['1001', 'other', [shop, erp], []],
  ['deadbeef', undefined, [byChance, exact], [exact]],
  ['deadbeef', undefined, [byChance], [byChance]],
  [shop.uuid.toUpperCase(), undefined, [shop, erp], [shop]],
])('`%s` of source %s', (text, source, found, meant) => {
  expect(toMeantEvents(found, { text, source })).toEqual(meant);
});

import { expect, test } from 'vitest';
import { toSourceView } from '../../../../src/admin/api/views/source-view.ts';
import { deliveryRow, THEN } from '../../operator-rows.ts';

const source = { name: 'shop', provider: 'shopify', secrets: ['the-first', 'the-second'], options: {}, exclude: ['app/*'] };

test('a source is shown with how many secrets it has, none of them, and the newest request', () => {
  const refused = deliveryRow({ outcome: 'refused', code: 'signature.mismatch' });
  const view = toSourceView(source, { newest: refused, publicUrl: 'https://hooks.example/' });
  expect(view).toMatchObject({
    path: '/webhooks/shop',
    url: 'https://hooks.example/webhooks/shop',
    secrets: 2,
    include: null,
    exclude: ['app/*'],
    newest: { receivedAt: THEN, outcome: 'refused', code: 'signature.mismatch' },
  });
  expect(JSON.stringify(view)).not.toContain('the-first');
});

test('a source that nothing has reached says so', () => {
  expect(toSourceView(source, { newest: undefined, publicUrl: 'https://hooks.example' }).newest).toBeNull();
});

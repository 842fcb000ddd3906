import { expect, test } from 'vitest';
import { toTemporalLink } from '../../src/admin/temporal-link.ts';

const run = { uiUrl: 'http://127.0.0.1:8233/', namespace: 'default', workflowId: 'shopify.1001' };

test.each([
  [run, 'http://127.0.0.1:8233/namespaces/default/workflows/shopify.1001'],
  [{ ...run, runId: null }, 'http://127.0.0.1:8233/namespaces/default/workflows/shopify.1001'],
  [{ ...run, runId: 'a/b' }, 'http://127.0.0.1:8233/namespaces/default/workflows/shopify.1001/a%2Fb/history'],
  [{ ...run, namespace: 'my ns' }, 'http://127.0.0.1:8233/namespaces/my%20ns/workflows/shopify.1001'],
  [{ ...run, uiUrl: null }, null],
])('the page of %j', (wish, link) => {
  expect(toTemporalLink(wish)).toBe(link);
});

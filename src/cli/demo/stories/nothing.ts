import type { DemoMaker } from '../demo-maker.ts';
import type { DemoStory } from '../demo-story.ts';

/** What no chain may run for: a push that is stored and wanted by nobody, an unknown event, and an order that was changed after signing. */
export function nothingStory(maker: DemoMaker): DemoStory {
  const push = maker.sample('github', 'push', { seed: maker.newSeed() });
  const forged = maker.sample('shopify', 'orders/create', {
    seed: maker.newSeed(),
    set: { email: 'mallory@example.com', contact_email: 'mallory@example.com' },
  });
  const unwanted = {
    headers: { 'Content-Type': 'application/json' },
    body: { event_id: `evt_${maker.newSeed()}`, event_type: 'newsletter.opened', data: { issue: 42 } },
  };
  return {
    title: 'Nothing to do',
    webhooks: [
      maker.webhook({
        name: 'GitHub: push',
        source: 'github',
        sample: push,
        expected: { status: 'ignored', type: 'github:push', run: null },
      }),
      maker.webhook({
        name: 'event that nobody wants',
        source: 'hookline',
        sample: unwanted,
        expected: { status: 'ignored', type: 'hookline:newsletter.opened', run: null },
      }),
      maker.webhook({
        name: 'Shopify: order with a byte changed',
        source: 'shopify',
        sample: forged,
        tamper: true,
        expected: { status: 'refused', type: null, run: null },
      }),
    ],
    leaves: {},
  };
}

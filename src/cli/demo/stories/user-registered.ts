import type { DemoMaker } from '../demo-maker.ts';
import type { DemoStory } from '../demo-story.ts';
import { sampleText } from '../sample-text.ts';

/** What the built-in rules make of somebody who agrees to advertising, and whose address is at a domain of their own. */
const SEGMENTS = ['business', 'newsletter'];

/** Somebody signs up at Clerk: welcomed, put into segments, and counted. */
export function userRegisteredStory(maker: DemoMaker): DemoStory {
  const sample = maker.sample('standard-webhooks', 'user.created', {
    seed: maker.newSeed(),
    set: {
      'data.first_name': 'Margaret',
      'data.last_name': 'Hamilton',
      'data.email_addresses.0.email_address': 'margaret@example.com',
    },
  });
  const user = `clerk:${sampleText(sample.body, '/data/id')}`;
  return {
    title: 'User registered',
    webhooks: [
      maker.webhook({
        name: 'Clerk: user created',
        source: 'clerk',
        sample,
        expected: {
          status: 'accepted',
          type: 'user.registered',
          run: {
            chain: 'welcome-user',
            effects: [
              ['email.sendWelcome', 1],
              ['marketing.segment', 0],
              ['analytics.record', 0],
            ],
            result: { segments: SEGMENTS },
            note: SEGMENTS.join(', '),
          },
        },
      }),
    ],
    leaves: {
      mails: [{ to: 'margaret@example.com', subject: 'Welcome, Margaret Hamilton' }],
      users: [{ user, segments: SEGMENTS.join(', ') }],
      counted: [{ name: 'user_registered', subject: user, value: 1, currency: null }],
    },
  };
}

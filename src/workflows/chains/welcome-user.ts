import { defineChain } from '../define-chain.ts';

/** A new user: welcomes by mail, puts into segments and counts, side by side; one that fails holds up none of the others. */
export default defineChain({
  name: 'welcome-user',
  on: 'user.registered',
  summary: ({ data }) => `User ${data.id}`,

  async run({ data: user }, { agents, all }) {
    const { email, name } = user;
    const [, { segments }] = await all([
      async () => (email === null ? null : agents.email.sendWelcome({ to: email, user: { name } })),
      () => agents.marketing.segment({ user }),
      () => agents.analytics.record({ name: 'user_registered', subject: user.id, value: 1, currency: null }),
    ]);
    return { segments };
  },
});

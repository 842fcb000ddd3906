import { describe, expect, it } from 'vitest';
import welcomeUser from '../../../src/workflows/chains/welcome-user.ts';
import { userRegistered } from '../../../scripts/record/sample-user.ts';
import { playChain } from '../../support/play-chain.ts';

const answers = { 'marketing.segment': { segments: ['newsletter'] } };
const ALL = ['analytics.record', 'email.sendWelcome', 'marketing.segment'];
const actionsOf = ({ calls }: { readonly calls: readonly { readonly action: string }[] }): readonly string[] =>
  calls.map(({ action }) => action).sort();

describe('welcome-user', () => {
  it('welcomes, puts into segments, counts', async () => {
    const event = userRegistered();
    const played = await playChain(welcomeUser, event, answers);
    expect(actionsOf(played)).toEqual(ALL);
    expect(played.result).toEqual({ segments: ['newsletter'] });
    expect(played.calls).toContainEqual({ action: 'email.sendWelcome', input: { to: 'ada@example.com', user: { name: 'Ada' } } });
    expect(played.calls).toContainEqual({ action: 'marketing.segment', input: { user: event.data } });
    expect(played.calls).toContainEqual({
      action: 'analytics.record',
      input: { name: 'user_registered', subject: 'app:u-1', value: 1, currency: null },
    });
  });

  it('sends no mail to a user without an address', async () => {
    expect(actionsOf(await playChain(welcomeUser, userRegistered({ email: null }), answers))).toEqual([
      'analytics.record',
      'marketing.segment',
    ]);
  });

  it.each(ALL)('does the others all the same when %s fails, undoes nothing, and fails', async (failing) => {
    const played = await playChain(welcomeUser, userRegistered(), {
      ...answers,
      [failing]: () => {
        throw new Error('no');
      },
    });
    expect(actionsOf(played)).toEqual(ALL);
    expect(played.error).toBeInstanceOf(Error);
  });

  it('says which user it is, without an address', () => {
    expect(welcomeUser.summary(userRegistered())).toBe('User app:u-1');
  });
});

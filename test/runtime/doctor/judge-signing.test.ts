import { describe, expect, test } from 'vitest';
import type { Source } from '../../../src/contracts/webhook.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../../src/providers/define-provider.ts';
import { judgeSigning } from '../../../src/runtime/doctor/judge-signing.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const SECRET = `whsec_${Buffer.from('9f2c1b7e4a6d8035c1e9f7a2b4d60813').toString('base64')}`;
const sourceOf = (provider: string, options: Source['options'] = {}): Source => ({
  name: `my-${provider}`,
  provider,
  secrets: [SECRET],
  options,
});
const judge = (sources: readonly Source[], known: readonly ProviderDefinition[] = providers) =>
  judgeSigning(sources, { providers: known, now: NOW });

describe('sources', () => {
  test('of every provider turn unsigned deliveries down', () => {
    expect(judge(providers.map(({ name }) => sourceOf(name)))[0]).toMatchObject({ check: 'verification', level: 'ok' });
  });

  test('of a provider that verifies nothing are told', () => {
    const open: ProviderDefinition = { ...providers[0], name: 'open', verify: () => ({ ok: true, secretIndex: 0 }) };
    expect(judge([sourceOf('open'), sourceOf('stripe')], [...providers, open])[0]).toMatchObject({
      level: 'warn',
      found: '`my-open` takes deliveries that nobody has signed: whoever knows the URL can post',
      fix: expect.stringContaining('`allow`') as string,
    });
  });

  test.each(['github', 'shopify'])('of %s have ids outside the signature', (provider) => {
    expect(judge([sourceOf(provider), sourceOf('stripe')])[1]).toMatchObject({
      check: 'signed ids',
      level: 'info',
      found: expect.stringMatching(`^the signature of \`my-${provider}\` does not cover the event's id: .*is then marked`) as string,
      fix: 'set `sameBody: refuse` on the source where equal bodies are never two events',
    });
  });

  test.each(['stripe', 'standard-webhooks', 'zendesk', 'hookline'])('of %s have theirs inside', (provider) => {
    expect(judge([sourceOf(provider)])[1]).toMatchObject({ level: 'ok' });
  });

  test('that take the id from a header have it outside, and from the body inside', () => {
    expect(judge([sourceOf('hookline', { id: { header: 'X-Order-Id' } })])[1]).toMatchObject({ level: 'info' });
    expect(judge([sourceOf('hookline', { id: { pointer: '/id' } })])[1]).toMatchObject({ level: 'ok' });
    expect(judge([sourceOf('hookline', { id: 'bodyHash' })])[1]).toMatchObject({ level: 'ok' });
  });

  test('that let the same body pass twice are warned of, and those that refuse it are good', () => {
    expect(judge([sourceOf('github', { sameBody: 'allow' })])[1]).toMatchObject({
      level: 'warn',
      found: expect.stringMatching(/which nobody notices at `my-github`$/) as string,
    });
    expect(judge([sourceOf('github', { sameBody: 'refuse' })])[1]).toMatchObject({ level: 'ok' });
  });
});

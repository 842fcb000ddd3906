import type { Source } from '../../src/contracts/webhook.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';

/** The source that takes one address only. */
export const GUARDED = 'guarded';
/** The one address that it takes. */
export const ALLOWED = '203.0.113.9';

/** The secret of each source: of no vendor, of no installation. */
const secretOf = (name: string): string => `a-secret-of-the-fuzzer-for-${name}-0123456789`;
const sourceOf = (name: string, provider: string, more: Partial<Source> = {}): Source => ({
  name,
  provider,
  secrets: [secretOf(name)],
  options: {},
  ...more,
});

/** What the attacked ingress serves: each provider by itself, two with options of their own, and one behind a list. */
export const SOURCES: readonly Source[] = [
  ...providers.map(({ name }) => sourceOf(name, name)),
  sourceOf('hashed', 'hookline', { options: { id: 'bodyHash', type: { value: 'order.created' } } }),
  sourceOf('located', 'hookline', {
    options: { id: { header: 'X-Order-Id' }, type: { pointer: '/event_type' }, data: { pointer: '/data' } },
  }),
  sourceOf(GUARDED, 'hookline', { allow: [ALLOWED] }),
];

import { toDeliveryHeaders } from '../../ingress/headers.ts';
import type { Source } from '../../contracts/webhook.ts';
import type { ProviderDefinition } from '../../providers/define-provider.ts';
import { bad, good, type Finding } from './finding.ts';

/** What signing says of a source. */
interface Signing {
  readonly name: string;
  /** Whether an unsigned delivery is turned down. */
  readonly verified: boolean;
  /** Whether the signature covers the event's id. */
  readonly idSigned: boolean;
  readonly sameBody: 'flag' | 'refuse' | 'allow';
}

/**
 * Whether each source turns an unsigned delivery down, and whether who holds a captured request can send it again as another event.
 * Both are tried on its provider's own samples.
 */
export function judgeSigning(
  sources: readonly Source[],
  { providers, now }: { readonly providers: readonly ProviderDefinition[]; readonly now: Date },
): readonly Finding[] {
  const signings = sources.flatMap((source) => {
    const provider = providers.find(({ name }) => name === source.provider);
    return provider === undefined ? [] : [trySigning(source, provider, now)];
  });
  return [judgeVerified(signings), judgeIds(signings)];
}

function judgeVerified(signings: readonly Signing[]): Finding {
  const check = 'verification';
  const open = signings.filter(({ verified }) => !verified);
  if (open.length === 0) return good(check, 'every source turns unsigned deliveries down');
  const found = `${list(open)} ${open.length === 1 ? 'takes' : 'take'} deliveries that nobody has signed: whoever knows the URL can post`;
  return bad('warn', { check, found, fix: 'take a provider that verifies, or let only its addresses post (`allow` of the source)' });
}

function judgeIds(signings: readonly Signing[]): Finding {
  const check = 'signed ids';
  const unsigned = signings.filter(({ idSigned, sameBody }) => !idSigned && sameBody !== 'refuse');
  if (unsigned.length === 0) return good(check, 'no captured request can be sent again as another event');
  const unmarked = unsigned.filter(({ sameBody }) => sameBody === 'allow');
  const noticed = `the signature of ${list(unsigned)} does not cover the event's id: a captured request can be sent again as another event`;
  const fix = 'set `sameBody: refuse` on the source where equal bodies are never two events';
  if (unmarked.length > 0) return bad('warn', { check, found: `${noticed}, which nobody notices at ${list(unmarked)}`, fix });
  return bad('info', { check, found: `${noticed}, and is then marked \`event.sameBody\``, fix });
}

function trySigning({ name, options, secrets }: Source, provider: ProviderDefinition, now: Date): Signing {
  const idHeader = typeof options.id === 'object' && 'header' in options.id ? [options.id.header, 'an-id'] : []; // no sample has it
  const samples = Object.values(provider.sample).map((make) => make({ now, id: '0123456789abcdef' }));
  const tried = samples.map(({ headers, body: json }) => {
    const body = Buffer.from(JSON.stringify(json));
    const context = { secrets, now, toleranceSeconds: options.toleranceSeconds };
    return { headers: toDeliveryHeaders([...Object.entries(headers).flat(), ...idHeader]), json, body, options, context, receivedAt: now };
  });
  return {
    name,
    verified: tried.every(({ headers, body, context }) => !provider.verify({ headers, body }, context).ok),
    idSigned: !tried.some((input) => provider.identify(input).some(({ idUnsigned }) => idUnsigned === true)),
    sameBody: options.sameBody ?? 'flag',
  };
}

function list(signings: readonly Signing[]): string {
  return signings.map(({ name }) => `\`${name}\``).join(', ');
}

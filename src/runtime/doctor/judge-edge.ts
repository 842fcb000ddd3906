import { isLoopback } from '../../contracts/settings-kinds.ts';
import { bad, good, type Finding } from './finding.ts';

/** An IPv4 range shorter than this, or an IPv6 one, holds strangers. */
const SHORTEST = { ipv4: 8, ipv6: 16 } as const;
/** Unique local and link-local addresses (RFC 4193, RFC 4291) belong to nobody else, however many there are. */
const OWN_IPV6 = /^f(?:[cd][0-9a-f]{2}|e[89ab][0-9a-f]):/i;

/** Whether `trustProxy` names proxies, and not the world: whoever is on it may claim any address as the sender's. */
export function judgeProxies(settings: {
  readonly [listener in 'ingress' | 'admin']: { readonly trustProxy: readonly string[] };
}): Finding {
  const check = 'proxies';
  const wide = (['ingress', 'admin'] as const).flatMap((listener) =>
    settings[listener].trustProxy.filter(isWide).map((range) => `\`${range}\` in \`${listener}.trustProxy\``),
  );
  const count = settings.ingress.trustProxy.length + settings.admin.trustProxy.length;
  if (wide.length === 0)
    return good(check, count === 0 ? 'none is trusted' : `${count} ${count === 1 ? 'address or range' : 'addresses or ranges'}`);
  const found = `${wide.join(', ')}: anybody there may claim to be anybody, also past \`allow\` of a source`;
  return bad('fail', { check, found, fix: 'list the addresses from which your own proxies connect, and no more' });
}

/** Whether providers can be told a URL that works for them. */
export function judgePublicUrl(publicUrl: string | undefined, { inProduction }: { readonly inProduction: boolean }): Finding {
  const check = 'public url';
  if (publicUrl === undefined && !inProduction) return good(check, "this machine's own, since `publicUrl` is not set");
  if (publicUrl === undefined)
    return bad('warn', {
      check,
      found: "`publicUrl` is not set: lists show this machine's own address, and a signature over the URL cannot be verified",
      fix: 'set it to what providers post to, without `/webhooks/<source>`: `https://hooks.example`',
    });
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:') return good(check, publicUrl);
  const level = isLoopback(hostname.replace(/^\[|\]$/g, '')) ? 'info' : 'warn';
  const found = `${publicUrl} is not https: bodies and signatures travel in the clear`;
  return bad(level, { check, found, fix: 'have TLS end at a proxy, or give `ingress.tls` a certificate, and write `https://`' });
}

function isWide(range: string): boolean {
  const [network = '', prefix] = range.split('/');
  if (prefix === undefined || OWN_IPV6.test(network)) return false;
  return Number(prefix) < SHORTEST[network.includes(':') ? 'ipv6' : 'ipv4'];
}

import { toSources, type Settings } from '../../contracts/settings.ts';
import { toTlsPaths } from '../../ingress/tls-files.ts';
import { readTlsPair } from '../../ingress/tls-pair.ts';
import { providers } from '../../providers/catalogue.gen.ts';
import type { Finding } from '../../runtime/doctor/finding.ts';
import { judgeProxies, judgePublicUrl } from '../../runtime/doctor/judge-edge.ts';
import { judgeSigning } from '../../runtime/doctor/judge-signing.ts';
import { judgeTls } from '../../runtime/doctor/judge-tls.ts';
import { LISTENERS } from '../../runtime/settings/exposed-listeners.ts';

/** Looks at what stands between senders and us: TLS of both listeners, trusted proxies, the public URL, and what is signed. */
export function examineEdge(
  settings: Settings,
  { inProduction, now }: { readonly inProduction: boolean; readonly now: Date },
): readonly Finding[] {
  const { publicUrl } = settings;
  return [
    ...LISTENERS.flatMap((listener) => {
      const { tls, trustProxy } = settings[listener];
      const paths = toTlsPaths(tls);
      return judgeTls({
        listener,
        trustProxy,
        pair: paths === undefined ? null : readTlsPair(paths, now),
        publicHost: listener === 'ingress' && publicUrl !== undefined ? toHost(publicUrl) : null,
        now,
      });
    }),
    judgeProxies(settings),
    judgePublicUrl(publicUrl, { inProduction }),
    ...judgeSigning(toSources(settings), { providers, now }),
  ];
}

/** As a certificate names it: an IPv6 address without brackets. */
function toHost(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

import type { CertificateFacts, TlsPair } from '../../ingress/tls-pair.ts';
import type { Listener } from '../settings/exposed-listeners.ts';
import { bad, good, type Finding } from './finding.ts';

/** How a listener is reached. */
export interface ListenerFacts {
  readonly listener: Listener;
  /** Addresses of the proxies in front. */
  readonly trustProxy: readonly string[];
  /** What its files hold; null where it speaks plain HTTP. */
  readonly pair: TlsPair | null;
  /** The host that senders ask for; null where nothing says it. */
  readonly publicHost: string | null;
  readonly now: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Certificates of 90 days are renewed 30 days before: one with less left has missed a renewal. */
const SOON_DAYS = 21;

/** Whether senders can reach a listener by TLS that they trust, and for how long. */
export function judgeTls(facts: ListenerFacts): readonly Finding[] {
  const { listener, trustProxy, pair } = facts;
  const check = listener === 'ingress' ? 'tls' : 'admin tls';
  if (pair === null)
    return [
      good(check, trustProxy.length > 0 ? 'ends at the declared proxy' : 'none: plain HTTP for this machine alone, or a tunnel on it'),
    ];
  if (!pair.ok) {
    const { expected, got, fix, file } = pair;
    const level = got === 'EACCES' ? 'warn' : 'fail'; // the process may run as somebody who can read it
    return [bad(level, { check, found: `\`${listener}.tls.${file}\`: expected ${expected}, got ${got}`, fix })];
  }
  return [judgeTime(check, pair.facts, facts.now), ...judgeTrust(check, pair.facts, facts)];
}

function judgeTime(check: string, { validTo }: CertificateFacts, now: Date): Finding {
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
  const found = `the certificate is valid for ${days === 1 ? 'one more day' : `${days} more days`}`;
  if (days >= SOON_DAYS) return good(check, found);
  const fix = 'renew it, and look why that was not done: a process takes new files within seconds, without a restart';
  return bad('warn', { check, found, fix });
}

/** Behind a proxy nobody but the proxy sees the certificate. */
function judgeTrust(
  check: string,
  { count, selfSigned, names }: CertificateFacts,
  { trustProxy, publicHost }: ListenerFacts,
): readonly Finding[] {
  if (trustProxy.length > 0 || publicHost === null) return [];
  const findings: Finding[] = [];
  if (!names(publicHost))
    findings.push(
      bad('fail', {
        check: `${check} name`,
        found: `the certificate does not name \`${publicHost}\`: no sender will take it`,
        fix: 'have one issued for the host of `publicUrl`, or mend `publicUrl`',
      }),
    );
  else findings.push(good(`${check} name`, `the certificate names \`${publicHost}\``));
  if (selfSigned)
    findings.push(
      bad('warn', {
        check: `${check} chain`,
        found: 'the certificate is signed by itself: senders that were not told about it will not take it',
        fix: 'take one of a public authority, or have the sender trust this one',
      }),
    );
  else if (count === 1)
    findings.push(
      bad('warn', {
        check: `${check} chain`,
        found: 'the file holds no chain: senders that do not know its issuer will not take it',
        fix: 'give the file with the chain, `fullchain.pem` of most tools',
      }),
    );
  return findings;
}

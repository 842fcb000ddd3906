import type { Settings } from '../contracts/settings.ts';
import { toTlsPaths } from './tls-files.ts';

/** Where a listener is bound. */
export interface BoundListener {
  readonly host: string;
  readonly port: number;
  /** Whether it speaks TLS itself. */
  readonly tls: boolean;
}

/** The address by which this machine itself reaches a listener: one on every address by loopback, an IPv6 address in brackets. */
export function toListenerUrl({ host, port, tls }: BoundListener): string {
  return `${tls ? 'https' : 'http'}://${toUrlHost(host)}:${port}`;
}

/** Where providers reach the public listener: `publicUrl`, else its own address. */
export function toPublicUrl({ publicUrl, ingress: { host, port, tls } }: Pick<Settings, 'publicUrl' | 'ingress'>): string {
  return publicUrl ?? toListenerUrl({ host, port, tls: toTlsPaths(tls) !== undefined });
}

/** The whole URL to which a provider posts: what is set up there for a source. */
export function toSourceUrl(publicUrl: string, source: string): string {
  return `${withoutSlash(publicUrl)}/webhooks/${source}`;
}

/**
 * The URL that a provider posted to, as it may have signed it: the public one, with path and query as they came, byte for byte. The
 * host is always ours, also where the request line names another (RFC 9112, 3.2.2).
 */
export function toRequestUrl(publicUrl: string, target: string): string {
  return withoutSlash(publicUrl) + target.replace(/^https?:\/\/[^/?#]*/i, '');
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function toUrlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

import type { FastifyRequest } from 'fastify';
import { HooklineError } from '../contracts/errors.ts';
import { createAddressList, toIpAddress } from '../ingress/allow-list.ts';
import type { TokenRights } from '../store/tokens.ts';
import type { Caller } from './api/api-context.ts';
import { ApiError } from './api/api-error.ts';
import { toTokenHash } from './make-token.ts';

/** Who may use the operators' listener. */
export interface Access {
  /**
   * Who asks. Throws `api.unauthenticated`, or `api.forbidden` where the way itself is none that is served; `postgres.unavailable` where a
   * token cannot be asked for, unless `believing`: then one that was good a quarter of an hour ago at most is good.
   */
  identify(request: AccessRequest, options?: { readonly believing?: boolean }): Promise<Caller>;
  /**
   * Whether the request names a host that is ours. From this machine only loopback's own names are: else a page that a browser has open
   * could read this listener by a name that it points here (DNS rebinding). Others bring tokens, which no page has.
   */
  isOwnHost(request: AccessRequest): boolean;
}

/** The little of a request that decides. */
export type AccessRequest = Pick<FastifyRequest, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
  /** @default HTTP/1.1 */
  readonly raw?: { readonly httpVersion: string };
};

/** What decides. */
export interface AccessOptions {
  /** Addresses and CIDR ranges of proxies that end TLS. */
  readonly trustProxy: readonly string[];
  /** Who needs a token: whoever does not come from this machine, or everybody. */
  readonly auth: 'remote' | 'always';
  /** Whether the listener itself speaks TLS. */
  readonly encrypted: boolean;
  /** The rights of a token's hash, and that it was used. */
  readonly findToken: (sha256: Buffer) => Promise<TokenRights | undefined>;
  readonly now: () => Date;
}

/**
 * How long a token is believed that cannot be asked for: an outage of PostgreSQL is when metrics are wanted most. Nothing else is to be had
 * so, since a pool whose connections are all taken looks like an outage too, and the token may be removed.
 */
const BELIEVED_MS = 15 * 60_000;
const MOST_REMEMBERED = 1_000;
/** `127.0.0.1:8788`, `localhost`, `[::1]:8788`. */
const LOOPBACK_NAME = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i;
/** Headers by which proxies say whom they speak for: whoever has one was not sent by a person at this machine. */
const FORWARDED = /^(?:forwarded|x-forwarded-.+|x-real-ip|via|cdn-loop|cf-connecting-ip|true-client-ip|x-client-ip)$/;

/**
 * Makes the judge of who asks. From this machine nobody needs a token, unless `auth` says so: then the caller is `local`, an admin who may
 * read payloads. Whoever comes from beyond, or through a proxy, brings a token; without TLS of our own only proxies may come from beyond.
 */
export function createAccess({ trustProxy, auth, encrypted, findToken, now }: AccessOptions): Access {
  const isProxy = createAddressList(trustProxy);
  const isLoopback = createAddressList(['127.0.0.0/8', '::1']);
  const check = createTokenCheck({ findToken, now });

  const isBeside = ({ socket }: AccessRequest): boolean => {
    const peer = toIpAddress(socket.remoteAddress ?? '');
    return isLoopback(peer) && !isProxy(peer);
  };
  // nobody at this machine speaks HTTP/1.0: that is nginx, which by itself neither says whom it speaks for nor keeps the name in `Host`
  const isLocal = (request: AccessRequest): boolean =>
    isBeside(request) && request.raw?.httpVersion !== '1.0' && !Object.keys(request.headers).some((name) => FORWARDED.test(name));

  return {
    isOwnHost: (request) => !isBeside(request) || LOOPBACK_NAME.test(request.headers.host ?? ''),
    async identify(request, { believing = false } = {}) {
      const { headers, socket } = request;
      const peer = toIpAddress(socket.remoteAddress ?? '');
      if (!isLoopback(peer) && !isProxy(peer) && !encrypted) {
        const expected = 'a connection from this machine, or from a proxy of `admin.trustProxy`';
        throw new ApiError('api.forbidden', { expected, got: 'another', fix: 'come by a tunnel or by the proxy, or give `admin.tls`' });
      }
      const { authorization } = headers;
      if (authorization !== undefined) return check(authorization, { believing });
      if (auth === 'remote' && isLocal(request))
        return { actor: toLocalActor(headers['x-hookline-operator']), role: 'admin', payloads: true };
      throw new ApiError('api.unauthenticated', { expected: '`Authorization: Bearer <token>`', got: 'none' });
    },
  };
}

type TokenCheck = (authorization: string, options: { readonly believing: boolean }) => Promise<Caller>;

function createTokenCheck({ findToken, now }: Pick<AccessOptions, 'findToken' | 'now'>): TokenCheck {
  const remembered = new Map<string, { readonly rights: TokenRights; readonly at: number }>();
  return async (authorization, { believing }) => {
    const [, token = ''] = /^Bearer +([^ ]+) *$/i.exec(authorization) ?? [];
    const hash = toTokenHash(token);
    const rights = hash && (await ask(hash, believing));
    if (rights !== undefined) return { actor: rights.name, role: rights.role, payloads: rights.payloads };
    throw new ApiError('api.unauthenticated', { expected: 'a token that was not removed', got: 'another text' });
  };

  async function ask(hash: Buffer, believing: boolean): Promise<TokenRights | undefined> {
    const key = hash.toString('hex');
    try {
      const rights = await findToken(hash);
      remembered.delete(key);
      if (rights !== undefined) remembered.set(key, { rights, at: now().getTime() });
      const [oldest] = remembered.size > MOST_REMEMBERED ? remembered.keys() : [];
      if (oldest !== undefined) remembered.delete(oldest);
      return rights;
    } catch (error) {
      const last = remembered.get(key);
      const isDown = error instanceof HooklineError && error.code === 'postgres.unavailable';
      if (believing && isDown && last !== undefined && now().getTime() - last.at < BELIEVED_MS) return last.rights;
      throw error;
    }
  }
}

/** Who is at this machine, as the command line says it; nothing depends on it being true. */
function toLocalActor(operator: string | readonly string[] | undefined): string {
  const name = typeof operator === 'string' ? operator.replaceAll(/[^\p{L}\p{N}._@-]/gu, '').slice(0, 64) : '';
  return name === '' ? 'local' : `local (${name})`;
}

import type { BlockList } from 'node:net';
import { buildConnector } from 'undici';

/**
 * Connects to no address of the block list, whatever the URL's spelling and whatever its name resolves to. Node checks
 * `blockList` for plain sockets only, not in `tls.connect` (measured on 24.21), so TLS is put on a plain one.
 */
export function createGuardedConnector({
  blockList,
  timeoutMs,
}: {
  readonly blockList: BlockList;
  readonly timeoutMs: number;
}): buildConnector.connector {
  const plain = buildConnector({ timeout: timeoutMs, blockList });
  const secure = buildConnector({ timeout: timeoutMs });
  return (options, done) => {
    if (options.protocol !== 'https:') return plain(options, done);
    return plain({ ...options, protocol: 'http:' }, (...[error, socket]) => {
      if (error === null) secure({ ...options, httpSocket: socket }, done);
      else done(error, null);
    });
  };
}

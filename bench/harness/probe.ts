import type { MakeRequest } from '../load/make-requests.ts';
import { createConnection } from '../load/connection.ts';

/** Throws unless the system takes a signed webhook and refuses the same bytes under another signature: whoever verifies nothing is fast. */
export async function probe(url: string, makeRequest: MakeRequest): Promise<void> {
  const good = await postOnce(url, makeRequest());
  if (good < 200 || good > 299) throw new Error(`a signed webhook was answered ${good}`);
  const forged = makeRequest();
  const at = forged.indexOf('sha256=') + 'sha256='.length;
  forged.write('0'.repeat(64), at, 'latin1');
  const bad = await postOnce(url, forged);
  if (bad < 400 || bad > 499) throw new Error(`a webhook with a wrong signature was answered ${bad}`);
}

/** The status of the answer to one request, on a connection of its own; 0 where there is none. */
export async function postOnce(url: string, request: Buffer): Promise<number> {
  const connection = createConnection({ port: Number(new URL(url).port), onOpen: () => {} });
  try {
    return await new Promise<number>((resolve) => connection.send(request, resolve));
  } finally {
    connection.close();
  }
}

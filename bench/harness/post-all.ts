import { createConnection } from '../load/connection.ts';
import type { MakeRequest } from '../load/make-requests.ts';

/** Posts so many webhooks over so many connections, each as soon as the one before it is answered; rejects where an answer is no 2xx. */
export async function postAll({
  url,
  makeRequest,
  count,
  connections,
}: {
  readonly url: string;
  readonly makeRequest: MakeRequest;
  readonly count: number;
  readonly connections: number;
}): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    const connection = createConnection({ port: Number(new URL(url).port), onOpen: () => {} });
    try {
      while (left > 0) {
        left -= 1;
        const status = await new Promise<number>((resolve) => connection.send(makeRequest(), resolve));
        if (status < 200 || status > 299) throw new Error(`a webhook was answered ${status === 0 ? 'by nothing' : status}`);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
}

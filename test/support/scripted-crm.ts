import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** One profile that was put. */
export interface CrmPut {
  /** The external id, decoded. */
  readonly id: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** When it came, by `performance.now()`. */
  readonly arrivedMs: number;
}

/** What the CRM does with one request: the status it answers, and what it waits for before it takes the profile. */
export interface CrmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly before?: () => Promise<unknown>;
}

/** A real HTTP server that keeps what was put last, as a CRM without any guard of its own does. */
export interface ScriptedCrm {
  readonly url: string;
  /** Every request, in order of arrival, whatever was answered. */
  readonly requests: readonly CrmPut[];
  /** Profiles in the order in which they were taken. */
  readonly taken: readonly CrmPut[];
  /** What stands under an id. */
  profile(id: string): CrmPut['body'] | undefined;
  /** What the next requests are answered; without an entry: 200. */
  readonly answers: CrmAnswer[];
  /** Holds the next request until it is let go; `held` resolves when that has come. */
  hold(): { readonly held: Promise<void>; letGo(): void };
  close(): Promise<void>;
}

/** Starts one on loopback. */
export async function startScriptedCrm(): Promise<ScriptedCrm> {
  const requests: CrmPut[] = [];
  const taken: CrmPut[] = [];
  const answers: CrmAnswer[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: bytes
    const path = request.url ?? '';
    const body = JSON.parse(Buffer.concat(chunks).toString()) as CrmPut['body']; // we put objects only
    const id = decodeURIComponent(/\/([^/?]*)(?:\?|$)/.exec(path)?.[1] ?? '');
    const put = { id, path, headers: request.headers, body, arrivedMs: performance.now() };
    requests.push(put);
    const { status, headers = {}, before } = answers.shift() ?? { status: 200 };
    await before?.();
    if (status < 300) taken.push(put);
    response.writeHead(status, headers).end('{}');
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/crm/customers`,
    requests,
    taken,
    answers,
    profile: (id) => taken.findLast((put) => put.id === id)?.body,
    hold() {
      let letGo = (): void => {};
      const released = new Promise<void>((resolve) => (letGo = resolve));
      const held = new Promise<void>((resolve) => {
        answers.push({
          status: 200,
          before: () => {
            resolve();
            return released;
          },
        });
      });
      return { held, letGo: () => letGo() };
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

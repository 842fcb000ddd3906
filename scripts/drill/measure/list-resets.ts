import type { Answer, Facts } from '../facts.ts';

/** No connection was there: the sender knows that nothing was taken, and a proxy in front asks the next ingress. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);

/** Posts without an answer that were under way at an ingress between its SIGTERM and its end. */
export function listResets({ answers, outages }: Pick<Facts, 'answers' | 'outages'>): readonly Answer[] {
  const stops = outages.filter(({ what, how }) => what === 'ingress' && how === 'stop');
  return answers.filter(
    ({ status, told, port, atMs, tookMs }) =>
      status === null &&
      !NOT_CONNECTED.has(told) &&
      stops.some((stop) => stop.port === port && stop.goneMs !== null && atMs <= stop.goneMs && atMs + tookMs >= stop.fromMs),
  );
}

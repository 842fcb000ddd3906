import { createHmac, randomBytes } from 'node:crypto';
import github from '../../src/providers/github.ts';

/** Makes whole requests as bytes, each a new event. */
export type MakeRequest = () => Buffer;

/** The event that everybody is sent. */
export interface RequestShape {
  readonly url: string;
  readonly secret: string;
  /** Of the body, in bytes; at least that of the bare event, about 1,900. */
  readonly bodyBytes: number;
}

/** Where an event's own digits go: each delivery has another body, and another id. */
const OWN = 'aaaaaaaaaaaa';
const OWN_BYTES = Buffer.byteLength(OWN);
const SIGNATURE = 'f'.repeat(64);

/**
 * Makes GitHub-shaped pushes of exactly so many bytes, signed by HMAC SHA-256 over the raw body. Ids are UUIDs, new in each process and in
 * each request; a request costs a copy and a digest.
 */
export function createRequests({ url, secret, bodyBytes }: RequestShape): MakeRequest {
  const { host, pathname } = new URL(url);
  const body = makeBody(bodyBytes);
  const uuid = `${randomBytes(4).toString('hex')}-${randomBytes(2).toString('hex')}-4bee-8bee-${OWN}`;
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Content-Type: application/json',
    'User-Agent: GitHub-Hookshot/0123456',
    'X-GitHub-Event: push',
    `X-GitHub-Delivery: ${uuid}`,
    'X-GitHub-Hook-ID: 528114207',
    `X-Hub-Signature-256: sha256=${SIGNATURE}`,
    `Content-Length: ${body.length}`,
    '\r\n',
  ].join('\r\n');
  const template = Buffer.concat([Buffer.from(head), body]);
  const places = findAll(template, OWN);
  const signatureAt = template.indexOf(SIGNATURE);
  const bodyAt = template.length - body.length;
  const run = randomBytes(3).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    const own = run + count.toString(16).padStart(OWN_BYTES - run.length, '0');
    const request = Buffer.allocUnsafe(template.length);
    template.copy(request);
    for (const place of places) request.write(own, place, 'latin1');
    const signature = createHmac('sha256', secret).update(request.subarray(bodyAt)).digest('hex');
    request.write(signature, signatureAt, 'latin1');
    return request;
  };
}

/** A push with the digits of `OWN` in the commit's hash, wherever that stands. */
function makeBody(bytes: number): Buffer {
  const sample = github.sample['push']?.({ now: new Date(), id: '0123456789abcdef' }).body;
  if (sample === undefined) throw new Error('the provider github has no sample of a push');
  const text = JSON.stringify(sample);
  const { after: hash } = sample;
  if (typeof hash !== 'string') throw new Error('a push has no hash');
  const own = text.replaceAll(hash, OWN + hash.slice(OWN.length));
  const message = 'Weave the numbers of Bernoulli';
  const missing = bytes - Buffer.byteLength(own);
  if (missing < 0) throw new Error(`a push has ${bytes - missing} bytes at least`);
  return Buffer.from(own.replace(message, message + '.'.repeat(missing))); // the first of two: the other one stays short
}

function findAll(bytes: Buffer, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) places.push(at);
  return places;
}

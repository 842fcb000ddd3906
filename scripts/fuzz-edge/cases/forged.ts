import { createHmac } from 'node:crypto';

import type { Chance } from '../chance.ts';
import type { Line } from '../draft-request.ts';
import { toBytes } from '../draft-request.ts';
import { SOURCES } from '../edge-sources.ts';
import { once } from '../fuzz-case.ts';
import type { CaseContext, FuzzCase, MakeCase } from '../fuzz-case.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { makeSound } from '../sound-request.ts';
import type { SoundRequest } from '../sound-request.ts';

const REFUSED = [401];
/** Providers whose header holds a list, in which others may stand beside the right signature. */
const WITH_LIST = new Set(['stripe', 'standard-webhooks']);
/** Which header says when it was signed; that of Stripe stands in its signature. */
const WITH_TIME = new Set(['stripe', 'standard-webhooks', 'zendesk']);

/** Bodies changed after they were signed: 401, and nothing is taken. */
const changedBody: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const body = mutateBytes(sound.body, chance);
  const framing = chance.pick(['length', 'chunked'] as const);
  return once('forged.body', { bytes: toBytes({ ...sound, body }, framing, chance), signed: [], statuses: REFUSED });
};

/** Signatures in every spelling but their own. */
const changedSignature: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const name = chance.pick(sound.signature);
  const lines = changeLines(sound, name, chance);
  // in a list, and for an id, another spelling may still hold what was signed: the key decides
  const statuses = WITH_LIST.has(sound.source.provider) ? [200, 401] : REFUSED;
  return once('forged.signature', { bytes: toBytes({ ...sound, lines }), signed: [sound], statuses });
};

function changeLines({ lines, signature }: SoundRequest, name: string, chance: Chance): readonly Line[] {
  const index = lines.findIndex(([key]) => key.toLowerCase() === name);
  const [key, value] = lines[index] ?? ['', ''];
  const [others, at] = [lines.toSpliced(index, 1), chance.whole(0, lines.length)];
  const put = (...put: readonly Line[]): readonly Line[] => [...others.slice(0, at), ...put, ...others.slice(at)];
  switch (chance.whole(0, 5)) {
    case 0:
      return put(); // it, or all of them, is missing
    case 1:
      return put([key, value], [chance.pick([key, name, key.toUpperCase()]), chance.pick([value, '', `${value}0`])]);
    case 2:
      return put([chance.pick([key.replaceAll('-', '_'), `X-${key}`, `${key}-`, key.slice(1)]), value]);
    case 3:
      return lines.filter(([one]) => !signature.includes(one.toLowerCase()));
    default:
      return put([key, respell(value, chance)]);
  }
}

function respell(value: string, chance: Chance): string {
  const at = chance.whole(0, value.length);
  const toggled = value.replace(/[a-z]/i, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));
  const respelt = chance.pick([
    '',
    toggled,
    value.toUpperCase(),
    value.slice(0, at),
    value.slice(0, -1),
    value + value.slice(-1),
    `${value}=`,
    `${value},${value}`,
    `${value}, ${value}`,
    `${value} ${value}`,
    `${value.slice(0, at)} ${value.slice(at)}`,
    `${value.slice(0, at)}\u00e4${value.slice(at)}`,
    `${value.slice(0, at)}${chance.pick(['0', 'f', 'A', '+', '/', '-', '_', '='])}${value.slice(at + 1)}`,
    value.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    value.replace(/^.*[=,]/, ''),
    value.replace('sha256', chance.pick(['sha1', 'sha512', 'none', 'SHA256', ''])),
    `sha256=${value}`,
    Buffer.from(value).toString('base64'),
    'x'.repeat(chance.whole(1, 4_000)),
    Array.from({ length: chance.whole(2, 40) }, () => value).join(','),
    '__proto__',
    'null',
  ]);
  return respelt.trim() === value ? '0' : respelt;
}

/** Signed by somebody else, or for somebody else. */
const otherSecret: MakeCase = ({ chance, now }) => {
  const secrets = [' ', 'secret', 'a', ...SOURCES.flatMap((source) => source.secrets)];
  const sound = makeSound(chance, { now });
  const made = makeSound(chance, {
    now,
    source: sound.source,
    secret: chance.pick(secrets.filter((one) => one !== sound.source.secrets[0])),
  });
  return once('forged.secret', { bytes: toBytes(made), signed: [], statuses: REFUSED });
};

/** Signed for one source, and posted to another. */
const otherSource: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const other = makeSound(chance, { now, source: chance.pick(SOURCES.filter(({ name, allow }) => name !== sound.source.name && !allow)) });
  const lines = chance.maybe(0.5)
    ? sound.lines
    : [...other.lines.filter(([name]) => !other.signature.includes(name.toLowerCase())), ...sound.lines];
  return once('forged.source', { bytes: toBytes({ ...sound, lines, target: other.target }), signed: [], statuses: REFUSED });
};

/** Signed properly, too long ago; or in the future, where the scheme looks both ways. */
const otherTime: MakeCase = ({ chance, now }) => {
  const source = chance.pick(SOURCES.filter(({ provider }) => WITH_TIME.has(provider)));
  const away = chance.whole(310, 100_000) * 1_000;
  const isAhead = source.provider !== 'stripe' && chance.maybe(0.5);
  const sound = makeSound(chance, { source, now: new Date(now.getTime() + (isAhead ? away : -away)) });
  return once('forged.time', { bytes: toBytes(sound), signed: [], statuses: REFUSED });
};

/** GitHub's signature of old, alone. */
const outdated: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now, source: chance.pick(SOURCES.filter(({ provider }) => provider === 'github')) });
  const legacy = createHmac('sha1', sound.source.secrets[0] ?? '')
    .update(sound.body)
    .digest('hex');
  const lines = [
    ...sound.lines.filter(([name]) => !sound.signature.includes(name.toLowerCase())),
    ['X-Hub-Signature', `sha1=${legacy}`] as const,
  ];
  return once('forged.outdated', { bytes: toBytes({ ...sound, lines }), signed: [], statuses: REFUSED });
};

/** A signature in a trailer, which nobody reads. */
const inTrailer: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const isSignature = ([name]: Line): boolean => sound.signature.includes(name.toLowerCase());
  const lines: readonly Line[] = [...sound.lines.filter((line) => !isSignature(line)), ['Transfer-Encoding', 'chunked']];
  const trailers = sound.lines.filter(isSignature).map(([name, value]) => `${name}: ${value}\r\n`);
  const chunks = `${sound.body.length.toString(16)}\r\n`;
  const head = toBytes({ ...sound, lines, body: Buffer.alloc(0) }, 'given');
  const bytes = Buffer.concat([head, Buffer.from(chunks), sound.body, Buffer.from(`\r\n0\r\n${trailers.join('')}\r\n`)]);
  return once('forged.trailer', { bytes, signed: [], statuses: REFUSED });
};

const KINDS: readonly MakeCase[] = [
  changedBody,
  changedBody,
  changedSignature,
  changedSignature,
  otherSecret,
  otherSource,
  otherTime,
  outdated,
  inTrailer,
];

/** Requests that no holder of the secret has made. */
export function makeForged(context: CaseContext): FuzzCase {
  return context.chance.pick(KINDS)(context);
}

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Facts } from '../facts.ts';

/** Items that go to the file at a time. */
const CHUNK = 1_000;

/**
 * Writes facts as JSON, one item of each list a line. The file may be longer than a text of JavaScript can be (512 MB), as that of a
 * hundred thousand events is: read it by lines then.
 */
export async function writeFacts(path: string, facts: Facts): Promise<void> {
  await pipeline(Readable.from(toTexts(facts)), createWriteStream(path, { mode: 0o600 }));
}

function* toTexts(facts: Facts): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(facts)) {
    yield `${before}\n${JSON.stringify(name)}:`;
    before = ',';
    if (Array.isArray(value)) yield* toListTexts(value);
    else yield JSON.stringify(value) ?? 'null';
  }
  yield '\n}\n';
}

function* toListTexts(items: readonly unknown[]): Generator<string> {
  yield '[';
  for (let from = 0; from < items.length; from += CHUNK) {
    const lines = items.slice(from, from + CHUNK).map((item) => JSON.stringify(item));
    yield `${from === 0 ? '\n' : ',\n'}${lines.join(',\n')}`;
  }
  yield ']';
}

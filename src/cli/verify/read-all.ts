import type { Readable } from 'node:stream';

/** Everything of a stream, byte for byte. */
export async function readAll(input: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk as Uint8Array)); // a stream without an encoding gives bytes
  return Buffer.concat(chunks);
}

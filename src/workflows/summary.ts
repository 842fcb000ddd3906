import type { ChainEvent } from '../contracts/run.ts';
import type { Chain } from './define-chain.ts';

/** What the Temporal UI shows of a summary in its list, in bytes. */
const SUMMARY_BYTES = 200;

/** A chain's one line for operators, cut to what the Temporal UI shows; the event's id where the chain's own code throws. */
export function summaryOf(chain: Chain, event: Pick<ChainEvent, 'id' | 'type' | 'data' | 'test' | 'source'>): string {
  try {
    return cutToBytes(chain.summary(event as Parameters<Chain['summary']>[0]).replaceAll(/[\p{Cc}\s]+/gu, ' '), SUMMARY_BYTES); // the route pairs event and chain
  } catch {
    return cutToBytes(`${event.type} ${event.id}`, SUMMARY_BYTES);
  }
}

/** A text cut so that its UTF-8 is at most `limit` bytes, never within a character. */
export function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > limit) return cut;
    cut += character;
  }
  return cut;
}

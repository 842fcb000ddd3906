import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { codeOf } from '../../contracts/errors.ts';
import type { JsonValue } from '../../contracts/json.ts';
import { toJsonLine } from '../../admin/printable.ts';
import { judgeRequest, type Judgement } from './judge-request.ts';
import { parseRequestLine, type RequestLine } from './parse-request-line.ts';

/** What a batch says of one line. */
export type BatchLine = { readonly id: JsonValue } & Pick<Judgement, 'ok' | 'eventIds' | 'eventType'> & { readonly code: string | null };

/** What a batch reads and tells. */
export interface BatchPorts {
  readonly input: Readable;
  readonly clock: () => Date;
  readonly print: (line: string) => void;
  /** Told of lines that cannot be judged. */
  readonly complain: (line: string) => void;
}

/** Judges JSON lines one by one, in order, and prints one JSON line each. Resolves to whether every line could be judged. */
export async function runBatch({ input, clock, print, complain }: BatchPorts): Promise<boolean> {
  let number = 0;
  let all = true;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const { answer, problem } = judge(parseRequestLine(line, clock));
    if (problem !== undefined) {
      all = false;
      complain(`line ${number}: ${problem}`);
    }
    print(toJsonLine(answer));
  }
  return all;
}

function judge(line: RequestLine): { readonly answer: BatchLine; readonly problem?: string } {
  const { id } = line;
  const unable = { id, ok: false, eventIds: [], eventType: null };
  if (!line.ok) return { answer: { ...unable, code: 'cli.usage' }, problem: line.problem };
  try {
    const { ok, code, eventIds, eventType } = judgeRequest(line.request);
    return { answer: { id, ok, code, eventIds, eventType } };
  } catch (error) {
    return { answer: { ...unable, code: codeOf(error) }, problem: error instanceof Error ? error.message : 'cannot be judged' };
  }
}

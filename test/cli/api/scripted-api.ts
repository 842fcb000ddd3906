import { createApiClient, type ApiAnswer, type ApiCall, type ApiClient } from '../../../src/cli/api/api-client.ts';

/** The client of the command line, and what it has sent. */
export interface ScriptedApi extends ApiClient {
  readonly calls: readonly ApiCall[];
}

/** The client on a transport that answers as it is told: with JSON and 200, or with a whole answer. */
export function scriptedApi(...answers: readonly unknown[]): ScriptedApi {
  const calls: ApiCall[] = [];
  const client = createApiClient((call) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push(call);
    return Promise.resolve(isWhole(answer) ? answer : { status: 200, body: toBytes(JSON.stringify(answer)) });
  });
  return { ...client, calls };
}

/** An answer as it travels. */
export function answerOf(status: number, text: string): ApiAnswer {
  return { status, body: toBytes(text) };
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function isWhole(answer: unknown): answer is ApiAnswer {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer;
}

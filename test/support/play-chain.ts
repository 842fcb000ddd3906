import type { ChainContext } from '../../src/workflows/define-chain.ts';

/** One call that a chain has made. */
export interface PlayedCall {
  readonly action: string;
  readonly input: unknown;
}

/** What has come of a chain. */
export interface Played {
  readonly calls: readonly PlayedCall[];
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What an action answers: a value, or a function of its input that may throw. */
export type Answers = Readonly<Record<string, unknown>>;

/** Runs a chain in plain Node, in milliseconds: actions answer from a table, undos run backwards when the chain throws. */
export async function playChain<Event>(
  chain: { run(event: Event, context: ChainContext): Promise<unknown> },
  event: Event,
  answers: Answers,
): Promise<Played> {
  const calls: PlayedCall[] = [];
  const undos: (() => Promise<unknown>)[] = [];
  const agentNamed = (agent: string): object =>
    new Proxy(
      {},
      {
        get: (_target, name) => async (input: unknown) => {
          const action = `${agent}.${String(name)}`;
          calls.push({ action, input });
          const answer = answers[action];
          return typeof answer === 'function' ? (answer as (input: unknown) => unknown)(input) : answer; // the table's own functions take an input
        },
      },
    );
  const context: ChainContext = {
    agents: new Proxy({} as ChainContext['agents'], { get: (_target, agent) => agentNamed(String(agent)) }), // every agent answers from the table
    sleep: async () => {},
    undo: (compensate) => void undos.push(compensate),
    all: async (branches) => (await Promise.all(branches.map((branch) => branch()))) as never, // in order, as the type says
    log: () => {},
  };
  try {
    return { calls, result: await chain.run(event, context) };
  } catch (error) {
    for (const undo of undos.reverse()) await undo();
    return { calls, error };
  }
}

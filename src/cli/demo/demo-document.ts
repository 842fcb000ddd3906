import type { DemoView } from './demo-screen.ts';

/** What the demonstration has led to, as one JSON document. */
export function toDemoDocument({ facts, problems, linkTo }: DemoView): object {
  return {
    ok: problems.length === 0,
    stories: facts.stories.map(({ story, steps }) => ({
      title: story.title,
      webhooks: steps.map(({ sent, answer, whole }) => ({
        name: sent.name,
        source: sent.source,
        answer,
        type: whole?.event.type ?? null,
        state: whole?.event.state ?? null,
        runs:
          whole?.runs.map((run) => ({
            chain: run.chain,
            state: run.state,
            attempt: run.attempt,
            code: run.code,
            temporalUrl: linkTo(run),
          })) ?? [],
        effects: whole?.effects.map(({ action, state, sends }) => ({ action, state, sends })) ?? [],
      })),
    })),
    ...facts.traces,
    problems,
  };
}

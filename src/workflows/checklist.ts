/** What an operator reads in the Temporal UI as the run's current details. */
export interface Checklist {
  /** Adds a step as running; call the result with how it has ended. */
  begin(step: string): (end: 'done' | 'failed' | 'cancelled', note?: string) => void;
  /** Markdown: one line a step, the newest last. */
  toMarkdown(): string;
}

const MARKS = { running: '⏳', done: '✅', failed: '❌', cancelled: '⛔' } as const;

/** Keeps the steps of a run in order of their start, and tells `show` after every change. */
export function createChecklist(title: string, show: (markdown: string) => void): Checklist {
  const steps: { readonly name: string; state: keyof typeof MARKS; note: string }[] = [];
  const toMarkdown = (): string =>
    [`**${title}**`, '', ...steps.map(({ name, state, note }) => `- ${MARKS[state]} ${name}${note}`)].join('\n');
  return {
    begin(name) {
      const step = { name, state: 'running' as keyof typeof MARKS, note: '' }; // widened: the state changes
      steps.push(step);
      show(toMarkdown());
      return (end, note) => {
        step.state = end;
        step.note = note === undefined ? '' : `: \`${note}\``;
        show(toMarkdown());
      };
    },
    toMarkdown,
  };
}

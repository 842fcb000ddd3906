/** A table of a report. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whole sentences below it. */
  readonly notes: readonly string[];
}

/** The table as text that is Markdown too. */
export function toTableText({ title, head, rows, notes }: Table): string {
  const widths = head.map((cell, column) => Math.max(3, ...[cell, ...rows.map((row) => row[column] ?? '')].map((text) => text.length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [`## ${title}`, '', line(head), rule, ...rows.map(line), '', ...notes.map((note) => `- ${note}`), ''].join('\n');
}

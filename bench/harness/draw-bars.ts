/** A picture of bars. */
export interface Bars {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  /** Below the title: machine, date, what a bar is. */
  readonly subtitle: string;
  readonly bars: readonly Bar[];
}

/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Beside it: value and ratio. */
  readonly text: string;
  /** Drawn in the strong colour. */
  readonly ours: boolean;
}

const [WIDTH, LABEL, ROW, TOP] = [860, 190, 30, 64];
const BAR_MOST = 380;

/** Draws bars as SVG that can be read on light and on dark paper. */
export function drawBars({ title, subtitle, bars }: Bars): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const height = TOP + bars.length * ROW + 12;
  const rows = bars.map(({ label, value, text, ours }, index) => {
    const y = TOP + index * ROW;
    const width = Math.max(1, (value / most) * BAR_MOST);
    return [
      `<text x="${LABEL - 10}" y="${y + 17}" text-anchor="end"${ours ? ' class="ours"' : ''}>${escape(label)}</text>`,
      `<rect x="${LABEL}" y="${y + 4}" width="${width.toFixed(1)}" height="18" rx="3" class="${ours ? 'strong' : 'weak'}"/>`,
      `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 17}"${ours ? ' class="ours"' : ''}>${escape(text)}</text>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">
<style>
text { font: 14px system-ui, sans-serif; fill: #24292f }
.title { font-size: 17px; font-weight: 600 }
.small { font-size: 12px; fill: #57606a }
.ours { font-weight: 600 }
.strong { fill: #0969da }
.weak { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.small { fill: #9198a1 }
.strong { fill: #4493f8 }
.weak { fill: #57606a }
}
</style>
<text x="12" y="24" class="title">${escape(title)}</text>
<text x="12" y="44" class="small">${escape(subtitle)}</text>
${rows.join('\n')}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

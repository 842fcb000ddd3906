import { styleText } from 'node:util';
import { toPrintable } from '../admin/printable.ts';

/** What a text means, in colour. */
export type Tone = 'good' | 'bad' | 'busy' | 'faint' | 'strong';

/** Gives a text its colour, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** A cell: a text, with a tone or without one. Of anybody's: it is made printable here. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

const STYLES = { good: 'green', bad: 'red', busy: 'yellow', faint: 'gray', strong: 'bold' } as const;
/** A cell that is longer is cut; `--json` has it whole. */
const WIDEST_CELL = 160;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Script=Han}/u;
const NARROW = /\p{Mn}|\p{Me}|\p{Default_Ignorable_Code_Point}/u;

/** Colours for a terminal; none elsewhere, nor where `NO_COLOR` forbids them. */
export function createPaint(stream: NodeJS.WriteStream): Paint {
  return (tone, text) => styleText(STYLES[tone], text, { stream });
}

/** Leaves every text as it is. */
const plain: Paint = (_tone, text) => text;

/** A table of aligned columns under a line of heads; no line ends in a space. */
export function toTable(
  { head, rows }: { readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] },
  paint: Paint = plain,
): string {
  const lines = [head.map((text): Cell => ({ text: text.toUpperCase(), tone: 'faint' })), ...rows].map((cells) => cells.map(toCell));
  const widths = head.map((_text, column) => Math.max(...lines.map((cells) => widthOf(cells[column]?.text ?? ''))));
  return lines
    .map((cells) => {
      const last = cells.findLastIndex(({ text }) => text !== '');
      return cells
        .slice(0, last + 1)
        .map(({ text, tone }, column) => {
          const padding = column === last ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(text) + 2);
          return (tone === undefined || text === '' ? text : paint(tone, text)) + padding;
        })
        .join('');
    })
    .join('\n');
}

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

function toCell(cell: Cell): { readonly text: string; readonly tone?: Tone } {
  const { text, ...rest } = typeof cell === 'string' ? { text: cell } : cell;
  const safe = toPrintable(text);
  return { ...rest, text: safe.length > WIDEST_CELL ? `${safe.slice(0, WIDEST_CELL - 1)}…` : safe };
}

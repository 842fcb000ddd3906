/** Numbers of several rounds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and most; undefined where there is no number. */
export function summarise(values: readonly (number | undefined)[]): Summary | undefined {
  const sorted = values.filter((value) => value !== undefined && Number.isFinite(value)).toSorted((a = 0, b = 0) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  if (sorted.length === 0) return undefined;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}

/** A number with three digits that matter: `9,435`, `81.4`, `0.082`. */
export function toText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A summary: `9,435 (9,210–9,604)`, the median alone where all rounds agree or there was one. */
export function toSummaryText(summary: Summary | undefined): string {
  if (summary === undefined) return '–';
  const { median, min, max } = summary;
  return min === max ? toText(median) : `${toText(median)} (${toText(min)}–${toText(max)})`;
}

/** The items in another order, by chance. */
export function shuffle<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

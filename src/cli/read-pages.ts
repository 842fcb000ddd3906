import { createProgressLine } from './progress-line.ts';
import type { PageOptions } from './list-options.ts';

/** A page of a list, as the API tells it. */
interface Page {
  /** The cursor of the next one; null after the last. */
  readonly next: string | null;
}

/** What was read of a list. */
export interface ReadPages<First, Row> {
  readonly rows: readonly Row[];
  /** The first page, which may tell more than rows. */
  readonly first: First;
  /** Where the rest begins; null where there is none. */
  readonly next: string | null;
}

/** The most that the API gives at once. */
const PAGE = 200;
/** What takes longer shows life. */
const PATIENCE_MS = 2_000;

/** Reads as much of a list as is wanted, page by page. */
export async function readPages<Answer extends Page, Row>(
  { limit, cursor, all }: PageOptions,
  {
    read,
    rowsOf,
  }: {
    readonly read: (page: { readonly limit: number; readonly cursor: string | undefined }) => Promise<Answer>;
    readonly rowsOf: (answer: Answer) => readonly Row[];
  },
): Promise<ReadPages<Answer, Row>> {
  const most = all === true ? Number.POSITIVE_INFINITY : limit;
  const line = createProgressLine(process.stderr);
  const startedAt = performance.now();
  const first = await read({ limit: Math.min(most, PAGE), cursor });
  const rows = [...rowsOf(first)];
  let next = first.next;
  while (next !== null && rows.length < most) {
    if (performance.now() - startedAt > PATIENCE_MS) line.show(`reading … ${rows.length} so far`);
    const page: Answer = await read({ limit: Math.min(most - rows.length, PAGE), cursor: next });
    rows.push(...rowsOf(page));
    next = page.next;
  }
  line.clear();
  return { rows, first, next };
}

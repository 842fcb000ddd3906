import type { LoadResult } from '../load/load-plan.ts';

/** What makes a load worthless: a sentence where any answer was not 2xx. */
export function toOtherAnswers(where: string, { others }: LoadResult): readonly string[] {
  return Object.keys(others).length === 0 ? [] : [`${where}: answers other than 2xx: ${JSON.stringify(others)}`];
}

/** Does work on each item, a few at a time, and tells each result as it comes; resolves to all of them in the items' order. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  {
    atOnce,
    work,
    onResult,
  }: { readonly atOnce: number; readonly work: (item: Item) => Promise<Result>; readonly onResult: (result: Result) => void },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const result = await work(item);
      results[index] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}

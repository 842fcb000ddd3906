import type { Deliveries, DeliveryFilter, DeliveryRow } from '../store/deliveries.ts';

/** The store's filter, and a cause. */
export interface CauseFilter extends Omit<DeliveryFilter, 'before'> {
  /** Code of the errors table. */
  readonly cause?: string | undefined;
}

const PAGE = 1_000;
/** How far back a cause is looked for: the newest 100,000 deliveries. */
const MOST_PAGES = 100;

/** The newest deliveries that a filter lets through. The store knows no filter by cause: it is applied here, page by page. */
export async function listDeliveries(
  deliveries: Pick<Deliveries, 'list'>,
  { cause, ...filter }: CauseFilter,
): Promise<readonly DeliveryRow[]> {
  if (cause === undefined) return deliveries.list(filter);
  const found: DeliveryRow[] = [];
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES && found.length < filter.limit; page++) {
    const rows = await deliveries.list({ ...filter, limit: PAGE, before });
    found.push(...rows.filter(({ code }) => code === cause));
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) break;
  }
  return found.slice(0, filter.limit);
}

import { deliveries } from '../../admin/api/deliveries.ts';
import { events } from '../../admin/api/events.ts';
import { runs } from '../../admin/api/runs.ts';
import type { DeliveryView } from '../../admin/api/views/delivery-view.ts';
import type { EventListView } from '../../admin/api/views/event-view.ts';
import type { RunListView } from '../../admin/api/views/run-view.ts';
import type { DeliveryOutcome } from '../../contracts/webhook.ts';
import type { RefusalCount } from '../../store/deliveries.ts';
import type { ApiClient } from '../api/api-client.ts';
import { readPages } from '../read-pages.ts';

/** What a tail is narrowed to. */
export interface TailFilter {
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
}

/** Events of one source, by their ids. */
export interface EventIds {
  readonly source: string;
  /** At most `MOST_IDS`. */
  readonly ids: readonly string[];
}

/** What a tail asks. */
export interface TailReader {
  /** When the newest delivery came, of whatever source. */
  newest(since: Date | undefined): Promise<Date | undefined>;
  /** Every delivery since then that the filter lets through, and refusals that were only counted. */
  deliveries(since: Date | undefined): Promise<{ readonly rows: readonly DeliveryView[]; readonly counted: readonly RefusalCount[] }>;
  events(wanted: EventIds): Promise<readonly EventListView[]>;
  runs(wanted: EventIds): Promise<readonly RunListView[]>;
}

/** A request line holds no more. */
const MOST_IDS = 40;

const EVERYTHING = { limit: 200, all: true } as const;

/** Makes the questions of a tail on the API. */
export function createTailReader(api: ApiClient, filter: TailFilter): TailReader {
  return {
    async newest(since) {
      const { deliveries: rows } = await api.ask(deliveries.list, { query: { since, limit: 1 } });
      return rows[0]?.receivedAt;
    },
    async deliveries(since) {
      const { rows, first } = await readPages(EVERYTHING, {
        read: (page) => api.ask(deliveries.list, { query: { ...filter, since, ...page } }),
        rowsOf: (answer) => answer.deliveries,
      });
      return { rows, counted: first.counted };
    },
    async events({ source, ids }) {
      return (await api.ask(events.list, { query: { source, ids: [...ids], limit: 200 } })).events;
    },
    async runs({ source, ids }) {
      const { rows } = await readPages(EVERYTHING, {
        read: (page) => api.ask(runs.list, { query: { source, ids: [...ids], ...page } }),
        rowsOf: (answer) => answer.runs,
      });
      return rows;
    },
  };
}

/** Events in as few questions as they fit into. */
export function toBatches(wanted: readonly { readonly source: string; readonly eventId: string }[]): readonly EventIds[] {
  const sources = new Set(wanted.map(({ source }) => source));
  return [...sources].flatMap((source) => {
    const ids = [...new Set(wanted.filter((one) => one.source === source).map(({ eventId }) => eventId))];
    return Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_item, index) => ({
      source,
      ids: ids.slice(index * MOST_IDS, (index + 1) * MOST_IDS),
    }));
  });
}

import { isJsonObject, type JsonValue } from '../contracts/json.ts';
import { events } from '../events/catalogue.gen.ts';
import { toDeliveryHeaders } from '../ingress/headers.ts';
import { createInterpreter } from '../ingress/interpret.ts';
import { providers } from '../providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../providers/define-provider.ts';
import type { StockLevel } from '../store/stock.ts';
import type { Store } from '../store/store.ts';
import { chains } from '../workflows/catalogue.gen.ts';

/** An article of the sample stock that is never there, so that a backorder can be shown. */
export const SOLD_OUT_SKU = 'SOLD-OUT';

/** Enough for tens of thousands of sample orders. */
const PLENTY = 100_000;

/** Every article of the providers' sample orders in plenty, and one that is sold out; sorted by sku. */
export function toSampleStock(now: Date): readonly StockLevel[] {
  const interpret = createInterpreter({ providers, events, chains });
  const known: readonly ProviderDefinition[] = providers;
  const skus = known.flatMap((provider) =>
    Object.values(provider.sample).flatMap((make) => {
      const { headers, body } = make({ now, id: '0'.repeat(16) });
      const request = {
        headers: toDeliveryHeaders(Object.entries(headers).flat()),
        body: Buffer.from(JSON.stringify(body)),
        receivedAt: now,
      };
      const read = interpret(request, { name: provider.name, provider: provider.name, secrets: [], options: {} });
      return read.ok ? read.events.flatMap(({ data }) => skusOf(data)) : [];
    }),
  );
  const levels = [...new Set(skus)].map((sku) => ({ sku, available: PLENTY }));
  return [...levels, { sku: SOLD_OUT_SKU, available: 0 }].sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** Fills a stock that has never held anything with that of the samples; false where it holds something, and stays as it is. */
export async function fillSampleStock(stock: Store['stock'], now: Date): Promise<boolean> {
  if ((await stock.list()).length > 0) return false;
  await stock.set(toSampleStock(now));
  return true;
}

/** Every `sku` of an event's data. */
function skusOf(data: JsonValue): readonly string[] {
  if (Array.isArray(data)) return (data as readonly JsonValue[]).flatMap(skusOf); // Array.isArray does not narrow readonly arrays
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => (key === 'sku' && typeof value === 'string' ? [value] : skusOf(value)));
}

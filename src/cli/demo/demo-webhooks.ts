import { HooklineError } from '../../contracts/errors.ts';
import { atPointer, isJsonObject, type JsonValue } from '../../contracts/json.ts';
import type { Source } from '../../contracts/webhook.ts';
import { providers } from '../../providers/catalogue.gen.ts';
import type { ProviderDefinition, Sample } from '../../providers/define-provider.ts';
import { SOLD_OUT_SKU } from '../../runtime/sample-stock.ts';
import { chooseSample } from '../trigger/choose-sample.ts';
import { parseSetPath, setPath } from '../trigger/set-path.ts';
import { signWebhook, type SignedWebhook } from '../trigger/sign-webhook.ts';

/** One webhook of the demonstration, and what is to become of it. */
export interface DemoWebhook {
  readonly name: string;
  readonly source: string;
  readonly webhook: SignedWebhook;
  readonly expected: { readonly httpStatus: number; readonly status: string };
  /** What the order's chain has to do; absent where there is none to run. */
  readonly order?: DemoOrder;
}

/** An order of the demonstration. */
export interface DemoOrder {
  readonly to: string;
  /** What leaves the stock: how many of each sku. */
  readonly takes: Readonly<Record<string, number>>;
  readonly backordered: boolean;
}

/** What the webhooks are made with. */
export interface DemoMaker {
  /** The development set. */
  readonly sources: readonly Source[];
  readonly now: Date;
  readonly newEventId: () => string;
}

const ACCEPTED = { httpStatus: 200, status: 'accepted' } as const;
const JSON_TYPE = { 'Content-Type': 'application/json' } as const;

/** Every webhook of the demonstration but the resend, which is the first one once more. Each order goes to a customer of its own. */
export function makeDemoWebhooks(maker: DemoMaker): readonly DemoWebhook[] {
  const { newEventId } = maker;
  const sample = (provider: string, type: string, changes: readonly string[]): Sample => {
    const { headers, body } = chooseSample(provider, type).make({ now: maker.now, id: newEventId() });
    return { headers, body: changes.map(parseSetPath).reduce(setPath, body) };
  };
  const shop = sample('shopify', 'orders/create', ['email=ada@example.com', 'contact_email=ada@example.com']);
  const envelope = sample('hookline', 'order.created', ['data.customer_email=grace@example.com', 'data.customer_name=Grace Hopper']);
  const soldOut = sample('hookline', 'order.created', [
    'data.customer_email=edsger@example.com',
    'data.customer_name=Edsger Dijkstra',
    `data.items.-={"sku":"${SOLD_OUT_SKU}","name":"Lamp, brass","quantity":1,"price":80}`,
  ]);
  const forged = sample('shopify', 'orders/create', ['email=mallory@example.com', 'contact_email=mallory@example.com']);
  const id = `web-${newEventId()}`;
  const flat = {
    order_id: id,
    customer_email: 'alan@example.com',
    total_amount: 13.5,
    currency: 'EUR',
    items: [{ sku: 'MUG-WHITE', name: 'Mug, white', quantity: 1, price: 13.5 }],
  };
  const unwanted = { event_id: `evt_${newEventId()}`, event_type: 'newsletter.opened', data: { issue: 42 } };
  return [
    {
      name: 'order from Shopify',
      ...sign(maker, { source: 'shopify', sample: shop }),
      expected: ACCEPTED,
      order: { to: 'ada@example.com', takes: takenBy(atPointer(shop.body, '/line_items')), backordered: false },
    },
    {
      name: 'order in an envelope',
      ...sign(maker, { source: 'hookline', sample: envelope }),
      expected: ACCEPTED,
      order: { to: 'grace@example.com', takes: takenBy(atPointer(envelope.body, '/data/items')), backordered: false },
    },
    {
      name: 'order as a flat body',
      ...sign(maker, { source: 'orders', sample: { headers: { ...JSON_TYPE, 'X-Webhook-Id': id }, body: flat } }),
      expected: ACCEPTED,
      order: { to: 'alan@example.com', takes: takenBy(flat.items), backordered: false },
    },
    {
      name: 'order of what is sold out',
      ...sign(maker, { source: 'hookline', sample: soldOut }),
      expected: ACCEPTED,
      order: { to: 'edsger@example.com', takes: takenBy(atPointer(soldOut.body, '/data/items')), backordered: true },
    },
    {
      name: 'order with a byte changed',
      ...sign(maker, { source: 'shopify', sample: forged, tamper: true }),
      expected: { httpStatus: 401, status: 'refused' },
    },
    {
      name: 'event that nobody wants',
      ...sign(maker, { source: 'hookline', sample: { headers: JSON_TYPE, body: unwanted } }),
      expected: { httpStatus: 200, status: 'ignored' },
    },
  ];
}

/** The same bytes once more. */
export function toResend({ source, webhook, name }: DemoWebhook): DemoWebhook {
  return { name: `${name}, again`, source, webhook, expected: { httpStatus: 200, status: 'duplicate' } };
}

interface ToSign {
  readonly source: string;
  readonly sample: Sample;
  readonly tamper?: boolean;
}

function sign({ sources, now }: DemoMaker, { source: name, sample, tamper = false }: ToSign): Pick<DemoWebhook, 'source' | 'webhook'> {
  const known: readonly ProviderDefinition[] = providers;
  const source = sources.find((one) => one.name === name);
  const provider = known.find((one) => one.name === source?.provider);
  const secret = source?.secrets[0];
  if (provider === undefined || secret === undefined)
    throw new HooklineError('bug.unexpected', { expected: `the development source \`${name}\`` });
  return { source: name, webhook: signWebhook({ provider, ...sample, secret, now, tamper }) };
}

/** Quantities of an order's lines by sku; of what is sold out nothing can be taken. */
function takenBy(items: JsonValue | undefined): DemoOrder['takes'] {
  const takes: Record<string, number> = {};
  for (const item of Array.isArray(items) ? (items as readonly JsonValue[]) : []) {
    const { sku, quantity } = isJsonObject(item) ? item : {};
    if (typeof sku === 'string' && typeof quantity === 'number' && sku !== SOLD_OUT_SKU) takes[sku] = (takes[sku] ?? 0) + quantity;
  }
  return takes;
}

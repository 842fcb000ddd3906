import { HooklineError } from '../../contracts/errors.ts';
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
  readonly quantities: Readonly<Record<string, number>>;
  readonly backordered: boolean;
}

interface Maker {
  readonly sources: readonly Source[];
  readonly now: Date;
  readonly newEventId: () => string;
}

const ACCEPTED = { httpStatus: 200, status: 'accepted' } as const;

/** Every webhook of the demonstration but the resend, which is the first one once more. Each order goes to a customer of its own. */
export function makeDemoWebhooks({ sources, now, newEventId }: Maker): readonly DemoWebhook[] {
  const known: readonly ProviderDefinition[] = providers;
  const sample = (provider: string, type: string, changes: readonly string[]): Sample => {
    const { headers, body } = chooseSample(provider, type).make({ now, id: newEventId() });
    return { headers, body: changes.map(parseSetPath).reduce(setPath, body) };
  };
  const sign = (name: string, { headers, body }: Sample, tamper = false): Pick<DemoWebhook, 'source' | 'webhook'> => {
    const source = sources.find((one) => one.name === name);
    const provider = known.find((one) => one.name === source?.provider);
    const secret = source?.secrets[0];
    if (provider === undefined || secret === undefined)
      throw new HooklineError('bug.unexpected', { expected: `the development source \`${name}\`` });
    return { source: name, webhook: signWebhook({ provider, headers, body, secret, now, tamper }) };
  };
  const flat = {
    order_id: `web-${newEventId()}`,
    customer_email: 'alan@example.com',
    total_amount: 13.5,
    currency: 'EUR',
    items: [{ sku: 'MUG-WHITE', name: 'Mug, white', quantity: 1, price: 13.5 }],
  };
  return [
    {
      name: 'order from Shopify',
      ...sign('shopify', sample('shopify', 'orders/create', ['email=ada@example.com', 'contact_email=ada@example.com'])),
      expected: ACCEPTED,
      order: { to: 'ada@example.com', quantities: { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 }, backordered: false },
    },
    {
      name: 'order in an envelope',
      ...sign(
        'hookline',
        sample('hookline', 'order.created', ['data.customer_email=grace@example.com', 'data.customer_name=Grace Hopper']),
      ),
      expected: ACCEPTED,
      order: { to: 'grace@example.com', quantities: { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 }, backordered: false },
    },
    {
      name: 'order as a flat body',
      ...sign('orders', { headers: { 'Content-Type': 'application/json', 'X-Webhook-Id': flat.order_id }, body: flat }),
      expected: ACCEPTED,
      order: { to: 'alan@example.com', quantities: { 'MUG-WHITE': 1 }, backordered: false },
    },
    {
      name: 'order of what is sold out',
      ...sign(
        'hookline',
        sample('hookline', 'order.created', [
          'data.customer_email=edsger@example.com',
          'data.customer_name=Edsger Dijkstra',
          `data.items.1.sku=${SOLD_OUT_SKU}`,
        ]),
      ),
      expected: ACCEPTED,
      order: { to: 'edsger@example.com', quantities: { 'TEE-BLUE-M': 2, [SOLD_OUT_SKU]: 0 }, backordered: true },
    },
    {
      name: 'order with a byte changed',
      ...sign('shopify', sample('shopify', 'orders/create', ['email=mallory@example.com', 'contact_email=mallory@example.com']), true),
      expected: { httpStatus: 401, status: 'refused' },
    },
    {
      name: 'event that nobody wants',
      ...sign('hookline', {
        headers: { 'Content-Type': 'application/json' },
        body: { event_id: `evt_${newEventId()}`, event_type: 'newsletter.opened', data: { issue: 42 } },
      }),
      expected: { httpStatus: 200, status: 'ignored' },
    },
  ];
}

/** The same bytes once more. */
export function toResend(first: DemoWebhook): DemoWebhook {
  const { source, webhook, name } = first;
  return { name: `${name}, again`, source, webhook, expected: { httpStatus: 200, status: 'duplicate' } };
}

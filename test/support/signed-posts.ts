import { createHmac, randomBytes } from 'node:crypto';

/** An answer of the ingress. */
export interface Answer {
  readonly status: number;
  readonly body: { readonly status?: string; readonly eventId?: string };
}

/** Posts to the sources of a test's system, signed as each vendor does. */
export interface Posts {
  /** Posts a signed body to the generic source `erp`. */
  post(ingress: { readonly port: number }, body: object): Promise<Answer>;
  /** Posts a signed body to the source `shop` as Shopify does. */
  postShopify(ingress: { readonly port: number }, body: string, headers: Readonly<Record<string, string>>): Promise<Answer>;
  /** Posts a signed event to the source `pay` as Stripe does; its bare order ids are those of Shopify. */
  postStripe(ingress: { readonly port: number }, event: object): Promise<Answer>;
  /** Posts a signed event to the source `hub` as GitHub does. */
  postGithub(
    ingress: { readonly port: number },
    delivery: { readonly id: string; readonly event: string; readonly payload: object },
  ): Promise<Answer>;
  /** Posts a signed event to the source `desk` as Zendesk does. */
  postZendesk(ingress: { readonly port: number }, event: object): Promise<Answer>;
  /** Posts a signed event to the source `app` as Clerk does, by Svix. */
  postClerk(ingress: { readonly port: number }, id: string, event: object): Promise<Answer>;
}

/** What the settings of a test's system name as its secrets. */
export type PostSecrets = ReturnType<typeof createPostSecrets>;

/** Secrets of their own for each system. */
export function createPostSecrets() {
  return {
    SHOP_SECRET: randomBytes(32).toString('hex'),
    ERP_SECRET: randomBytes(32).toString('hex'),
    PAY_SECRET: `whsec_${randomBytes(32).toString('hex')}`,
    DESK_SECRET: randomBytes(32).toString('base64'),
    APP_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    HUB_SECRET: randomBytes(32).toString('hex'),
    WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  };
}

/** Makes the posts of one system. */
export function createPosts(secrets: PostSecrets): Posts {
  return {
    post: (ingress, body) => {
      const text = JSON.stringify(body);
      return send(ingress, '/webhooks/erp', text, {
        'x-webhook-signature': `sha256=${createHmac('sha256', secrets.ERP_SECRET).update(text).digest('hex')}`,
      });
    },
    postShopify: (ingress, body, headers) =>
      send(ingress, '/webhooks/shop', body, {
        ...headers,
        'x-shopify-hmac-sha256': createHmac('sha256', secrets.SHOP_SECRET).update(body).digest('base64'),
      }),
    postStripe: (ingress, event) => {
      const text = JSON.stringify(event);
      const time = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', secrets.PAY_SECRET).update(`${time}.${text}`).digest('hex');
      return send(ingress, '/webhooks/pay', text, { 'stripe-signature': `t=${time},v1=${signature}` });
    },
    postGithub: (ingress, { id, event, payload }) => {
      const text = JSON.stringify(payload);
      const signature = createHmac('sha256', secrets.HUB_SECRET).update(text).digest('hex');
      return send(ingress, '/webhooks/hub', text, {
        'x-github-event': event,
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${signature}`,
      });
    },
    postZendesk: (ingress, event) => {
      const text = JSON.stringify(event);
      const time = new Date().toISOString();
      const signature = createHmac('sha256', secrets.DESK_SECRET).update(`${time}${text}`).digest('base64');
      return send(ingress, '/webhooks/desk', text, {
        'x-zendesk-webhook-signature': signature,
        'x-zendesk-webhook-signature-timestamp': time,
      });
    },
    postClerk: (ingress, id, event) => {
      const text = JSON.stringify(event);
      const time = Math.floor(Date.now() / 1000);
      const key = Buffer.from(secrets.APP_SECRET.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${time}.${text}`).digest('base64');
      return send(ingress, '/webhooks/app', text, { 'svix-id': id, 'svix-timestamp': `${time}`, 'svix-signature': `v1,${signature}` });
    },
  };
}

async function send(
  { port }: { readonly port: number },
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] }; // the ingress answers in JSON
}

import { createHmac, randomUUID } from 'node:crypto';

import { toEventId } from '../../src/contracts/ids.ts';
import type { InboxDelivery, InboxOutcome, Refusal } from '../../src/contracts/inbox.ts';
import type { Log, LogFields } from '../../src/contracts/names.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { createIngress } from '../../src/ingress/server.ts';
import type { Ingress, IngressDependencies } from '../../src/ingress/server.ts';
import hookline from '../../src/providers/hookline.ts';

export const SECRET = 'a-live-secret-of-the-shop-0123456789';

/** A generic source, as most tests post to it. */
export const SHOP: Source = { name: 'shop', provider: 'hookline', secrets: [SECRET], options: {} };

/** Everything that the pipeline said to its ports. */
export interface Recorded {
  readonly deliveries: InboxDelivery[];
  readonly refusals: Refusal[];
  readonly lines: { readonly level: keyof Log; readonly fields: LogFields; readonly message: string }[];
  nudges: number;
}

/** An ingress on a free port, with ports that keep what they are told. */
export interface TestIngress {
  readonly ingress: Ingress;
  readonly port: number;
  readonly recorded: Recorded;
}

/** Starts an ingress whose inbox takes everything as new, unless the test brings another. */
export async function startIngress(given: Partial<IngressDependencies> = {}, wantedPort = 0): Promise<TestIngress> {
  const recorded: Recorded = { deliveries: [], refusals: [], lines: [], nudges: 0 };
  const write = (level: keyof Log) => (fields: LogFields, message: string) => void recorded.lines.push({ level, fields, message });
  const ingress = createIngress({
    sources: [SHOP],
    providers: [hookline],
    interpret: takeAsItIs,
    inbox: {
      add: async (delivery) => {
        recorded.deliveries.push(delivery);
        return delivery.events.map(({ eventId, uuid }) => toOutcome(eventId, uuid));
      },
    },
    refusals: {
      record: (refusal) => void recorded.refusals.push(refusal),
      recordVerified: async (refusal) => void recorded.refusals.push(refusal),
    },
    starter: { nudge: () => void (recorded.nudges += 1) },
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    now: () => new Date(),
    newUuid: randomUUID,
    ...given,
  });
  const { port } = await ingress.listen({ host: '127.0.0.1', port: wantedPort });
  return { ingress, port, recorded };
}

/** The outcome of an event that is new. */
export function toOutcome(eventId: string, eventUuid: string, facts: Partial<InboxOutcome> = {}): InboxOutcome {
  return { eventId, eventUuid, outcome: 'accepted', repairing: false, bodyDiffers: false, stopped: false, ...facts };
}

/** The signature header of the generic provider. */
export function sign(body: string | Uint8Array, secret = SECRET): readonly [string, string] {
  return ['X-Webhook-Signature', `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`];
}

/** An interpreter for tests that are not about interpreting: one event, its id the header `X-Webhook-Id`. */
export const takeAsItIs: IngressDependencies['interpret'] = ({ headers, receivedAt }) => {
  const id = headers.one('x-webhook-id') ?? 'evt_1';
  return {
    ok: true,
    events: [
      {
        eventId: toEventId(id),
        providerId: id,
        providerType: 'test',
        type: 'hookline:test',
        entity: null,
        occurredAt: receivedAt,
        test: false,
        state: 'ignored',
        code: null,
        detail: null,
        data: null,
        schemaVersion: null,
        routes: [],
      },
    ],
  };
};

/** Something that a test lets happen, or waits for. */
export interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

/** Makes a closed latch. */
export function createLatch(): Latch {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

import { randomBytes } from 'node:crypto';
import { sha256, toWorkflowId, createUuidV7 } from '../../src/contracts/ids.ts';
import type { InboxDelivery, InterpretedEvent } from '../../src/contracts/inbox.ts';

const newUuid = createUuidV7();

type Event = InboxDelivery['events'][number];

/** What a test wants otherwise than the default: one routed event of chain `new-order`. */
export interface DeliveryWish {
  readonly source?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: InboxDelivery['headers'];
  readonly events?: readonly EventWish[];
}

export type EventWish = Partial<InterpretedEvent> & { readonly eventId: string; readonly chains?: readonly string[] };

/** A delivery as the receive pipeline hands it to the inbox. */
export function makeDelivery({
  source = 'shop',
  body = '{"order":1}',
  headers = [['x-id', 'a']],
  events = [{ eventId: randomId() }],
}: DeliveryWish = {}): InboxDelivery {
  const bytes = Buffer.from(body);
  return {
    id: newUuid(),
    source,
    provider: 'hookline',
    receivedAt: new Date(),
    remoteAddress: '127.0.0.1',
    headers,
    body: bytes,
    bodySha256: sha256(bytes),
    secretIndex: 0,
    events: events.map((event) => makeEvent(source, event)),
  };
}

export function randomId(): string {
  return randomBytes(8).toString('hex');
}

function makeEvent(source: string, { chains = ['new-order'], ...wish }: EventWish): Event {
  const state = wish.state ?? 'routed';
  const routed = state === 'routed' ? chains : [];
  return {
    uuid: newUuid(),
    providerId: wish.eventId,
    providerType: 'order.created',
    type: 'order.created',
    entity: { type: 'order', id: 'shop:1' },
    occurredAt: new Date('2026-03-01T10:00:00.123Z'),
    test: false,
    state,
    code: null,
    detail: null,
    data: { number: '1' },
    schemaVersion: 1,
    routes: routed.map((chain) => ({
      chain,
      ledger: chain,
      workflowId: toWorkflowId(source, wish.eventId, routed.length > 1 ? chain : undefined),
    })),
    ...wish,
  };
}

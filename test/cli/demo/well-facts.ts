import { createDemoMaker } from '../../../src/cli/demo/demo-maker.ts';
import { makeDemoStories } from '../../../src/cli/demo/demo-stories.ts';
import type { DemoStory, DemoTraces, DemoWebhook } from '../../../src/cli/demo/demo-story.ts';
import type { DemoFacts, DemoStep } from '../../../src/cli/demo/play-demo.ts';
import type { DeliveryOutcome } from '../../../src/contracts/webhook.ts';
import { DEVELOPMENT_SOURCES } from '../../../src/runtime/settings/development-set.ts';

export const NOW = new Date('2026-11-24T12:00:00Z');
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** The development set, all of it with one secret. */
export const sources = Object.entries(DEVELOPMENT_SOURCES).map(([name, { provider, ...options }]) => ({
  name,
  provider,
  secrets: [SECRET],
  options,
}));

/** The stories of a demonstration, the same each time. */
export function demoStories(): readonly DemoStory[] {
  let ids = 0;
  return makeDemoStories(createDemoMaker({ sources, now: NOW, newEventId: () => (++ids).toString(16).padStart(16, '0') }));
}

/** What a demonstration leads to when all is well. */
export function wellFacts(): DemoFacts {
  const stories = demoStories();
  const take = (sku: string): number => stories.reduce((sum, { takes = {} }) => sum + (takes[sku] ?? 0), 0);
  const skus = ['MUG-WHITE', 'SOLD-OUT', 'TEE-BLUE-M'];
  const onHand = (sku: string): number => (sku === 'SOLD-OUT' ? 0 : 100);
  return {
    stories: stories.map((story) => ({ story, steps: story.webhooks.map((sent) => stepOf(sent, story)) })),
    refused: [{ source: 'shopify', code: 'signature.mismatch', eventIds: [] }],
    traces: tracesOf(stories),
    stockBefore: skus.map((sku) => ({ sku, available: onHand(sku) })),
    stockAfter: skus.map((sku) => ({ sku, available: onHand(sku) - take(sku) })),
  };
}

function tracesOf(stories: readonly DemoStory[]): DemoTraces {
  const all = <Kind extends keyof DemoTraces>(kind: Kind) => stories.flatMap(({ leaves }) => [...(leaves[kind] ?? [])]) as never; // rows of this kind only
  return {
    mails: all('mails'),
    warehouse: all('warehouse'),
    notices: all('notices'),
    profiles: all('profiles'),
    orders: all('orders'),
    tickets: all('tickets'),
    customers: all('customers'),
    users: all('users'),
    counted: all('counted'),
  };
}

function stepOf(sent: DemoWebhook, { title, webhooks }: DemoStory): DemoStep {
  const { status, type, run } = sent.expected;
  const first = webhooks.findIndex(({ webhook }) => webhook === sent.webhook); // a resend is the same bytes
  const eventId = `${title} ${first}`;
  const answer = {
    kind: 'answered',
    httpStatus: status === 'refused' ? 401 : 200,
    status,
    code: null,
    eventId: type === null ? null : eventId,
    durationMs: 1,
  } as const;
  if (type === null) return { sent, answer, whole: null };
  return {
    sent,
    answer,
    whole: {
      event: {
        uuid: `uuid of ${eventId}`,
        source: sent.source,
        eventId,
        providerType: 't',
        type,
        entity: null,
        receivedAt: NOW,
        test: false,
        state: run === null ? 'ignored' : 'routed',
        code: null,
        detail: null,
        providerId: 'p',
        provider: 'p',
        occurredAt: NOW,
        data: null,
        deliveryId: 'd',
        schemaVersion: null,
        bodyGone: false,
        sameBodyAs: null,
      },
      runs:
        run === null
          ? []
          : [
              {
                eventUuid: `uuid of ${eventId}`,
                chain: run.chain,
                workflowId: 'w',
                ledger: run.chain,
                state: 'done',
                attempt: 1,
                round: 0,
                tries: 0,
                runId: 'r',
                dueAt: NOW,
                startedAt: NOW,
                closedAt: new Date(NOW.getTime() + 70),
                stuckSince: null,
                code: null,
                detail: null,
                result: run.result,
              },
            ],
      effects: (run?.effects ?? []).map(([action, sends]) => ({
        ledger: run?.chain ?? '',
        action,
        key: '0',
        round: 0,
        state: 'done',
        attempt: 1,
        detail: null,
        result: null,
        intendedAt: NOW,
        updatedAt: NOW,
        sends,
        dry: false,
      })),
      deliveries: webhooks.filter(({ webhook }) => webhook === sent.webhook).map(({ expected }) => delivery(expected.status)),
    },
  };
}

function delivery(outcome: DeliveryOutcome) {
  return {
    id: '1',
    source: 's',
    receivedAt: NOW,
    remoteAddress: null,
    headers: [],
    bodySha256: Buffer.alloc(0),
    bodyBytes: 0,
    outcome,
    httpStatus: 200,
    code: null,
    detail: null,
    eventIds: [],
    secretIndex: 0,
    bodyDiffers: false,
  };
}

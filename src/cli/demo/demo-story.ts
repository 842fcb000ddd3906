import type { JsonValue } from '../../contracts/json.ts';
import type { SignedWebhook } from '../trigger/sign-webhook.ts';

/** One story of the demonstration: webhooks that are sent one after the other, each when the chains of the one before have ended. */
export interface DemoStory {
  readonly title: string;
  readonly webhooks: readonly DemoWebhook[];
  /** What the story leaves behind. @default nothing */
  readonly leaves: Partial<DemoTraces>;
  /** What leaves the stock: how many of each sku. @default nothing */
  readonly takes?: Readonly<Record<string, number>>;
}

/** One webhook of the demonstration, and what is to become of it. */
export interface DemoWebhook {
  readonly name: string;
  readonly source: string;
  readonly webhook: SignedWebhook;
  readonly expected: DemoExpectation;
}

/** What is to become of a webhook. */
export interface DemoExpectation {
  readonly status: 'accepted' | 'duplicate' | 'ignored' | 'refused';
  /** The event's type; null where no event may come of it. */
  readonly type: string | null;
  /** The one run of the event; null where there may be none. */
  readonly run: DemoRun | null;
}

/** The one run of an event. */
export interface DemoRun {
  readonly chain: string;
  /** Every effect of its ledger, each done once, and how often it has gone out of our tables. */
  readonly effects: readonly DemoEffect[];
  /** What the chain returns. */
  readonly result: JsonValue;
  /** What a reader should see in it, in a word or two. */
  readonly note?: string;
}

/** An action, and how often it has gone out. */
export type DemoEffect = readonly [action: string, sends: 0 | 1];

/** Everything that chains leave outside and in our own tables, row by row, fit to be compared and shown. */
export interface DemoTraces {
  readonly mails: readonly { readonly to: string; readonly subject: string }[];
  readonly warehouse: readonly { readonly order: string; readonly number: string; readonly backordered: boolean }[];
  readonly notices: readonly { readonly ticket: string; readonly escalation: number | null; readonly why: string | null }[];
  readonly profiles: readonly {
    readonly customer: string;
    readonly revision: number;
    readonly name: string | null;
    readonly phone: string | null;
    readonly updatedAt: string | null;
  }[];
  readonly orders: readonly {
    readonly order: string;
    readonly status: string | null;
    /** In major units; null where nothing was paid. */
    readonly paid: number | null;
    readonly payments: number;
  }[];
  readonly tickets: readonly { readonly ticket: string; readonly status: string | null; readonly escalated: boolean }[];
  readonly customers: readonly { readonly customer: string; readonly phone: string | null }[];
  readonly users: readonly { readonly user: string; readonly segments: string }[];
  readonly counted: readonly {
    readonly name: string;
    readonly subject: string;
    readonly value: number;
    readonly currency: string | null;
  }[];
}

import { keepTeamNotice } from '../store/tickets.ts';
import type { Queryable } from '../store/pool.ts';
import type { AdapterName } from '../store/stops.ts';
import type { OutboundHttp } from './outbound-http.ts';
import { signStandardWebhook } from './standard-webhook.ts';

/** Something that the team should know. */
export interface TeamNotice {
  /** The same for every sending of one notice. */
  readonly key: string;
  /** What it is about: a ticket's id. */
  readonly subject: string;
  /** One or more lines, plain; nothing in it is a command or a link to the receiver. */
  readonly text: string;
  /** What kind of notice it is, and its facts, for receivers that read more than text. */
  readonly metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, string | number | null>> };
  /** Awaited before anything is posted. */
  readonly onSending: (adapter: AdapterName) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Tells the team. */
export interface TeamNotices {
  /**
   * Keeps the notice in `team_notices`, once for each key; where the team has a URL, posts it there as well. Resolves to the answer's
   * status, null without a URL. Throws what `OutboundHttp` throws.
   */
  tell(notice: TeamNotice): Promise<{ readonly status: number | null }>;
}

/** Where notices go. */
export interface TeamNoticesOptions {
  /** Takes Slack's incoming webhooks, and whatever understands them; `undefined`: notices go into our own table alone. */
  readonly url: string | undefined;
  /** `whsec_…`, for receivers that verify Standard Webhooks; Slack does not. */
  readonly secret: string | undefined;
  readonly http: OutboundHttp;
  readonly db: Queryable;
  readonly now: () => Date;
}

/**
 * Makes the adapter for the team's channel: `POST {text, metadata}` as Slack takes it, with an `Idempotency-Key` for receivers that
 * look at it (Slack does not). The URL is a secret where it is Slack's, so only its origin is ever written down.
 */
export function createTeamNotices({ url, secret, http, db, now }: TeamNoticesOptions): TeamNotices {
  return {
    async tell({ key, subject, text, metadata, onSending, signal }) {
      const postedTo = url === undefined ? null : new URL(url).origin;
      await keepTeamNotice(db, { key, subject, text, postedTo, noticedAt: now() });
      if (url === undefined) return { status: null };
      const body = JSON.stringify({ text: escapeForSlack(text), metadata });
      const signature = secret === undefined ? {} : signStandardWebhook({ id: `msg_${key}`, body, secret, now: now() });
      await onSending('team');
      const { status } = await http.call({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', 'idempotency-key': key, ...signature },
        body,
        signal,
      });
      return { status };
    },
  };
}

/** Slack reads `<!channel>`, `<@user>` and `<url|text>` as commands, and asks to escape these three (docs.slack.dev, formatting text). */
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

import { html, toDocument, type Html } from './html.ts';
import { toLocalTime } from './local-time.ts';
import type { CaughtMail, MailSummary } from './mail.ts';

/** How many mails a page of the list shows. */
const PAGE_SIZE = 100;
const REFRESH_SECONDS = 5;

/** What a mail's page can show of it. */
export const VIEWS = ['html', 'text', 'headers', 'source'] as const;

/** One of the views. */
export type View = (typeof VIEWS)[number];

/** The list of mails, newest first; it loads itself again every 5 s. */
export function toListPage({
  mails,
  first,
  smtpUrl,
}: {
  readonly mails: readonly MailSummary[];
  readonly first: number;
  readonly smtpUrl: string;
}): string {
  const shown = mails.slice(first, first + PAGE_SIZE);
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`;
  return toDocument({
    title: `${count} · Hookline`,
    head: first === 0 ? html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}" />` : html``,
    body: html`<main>
      <header class="bar">
        <h1>Mails</h1>
        <span class="faint">${count} caught at <span class="mono">${smtpUrl}</span>; nothing leaves this machine</span
        >${mails.length === 0 ? '' : deleteButton()}
      </header>
      <div class="sheet">
        ${shown.length === 0 ? html`<p class="empty">No mail yet. What the chains send appears here by itself.</p>` : toTable(shown)}
      </div>
      ${toPager(first, mails.length)}
    </main>`,
  });
}

/** One mail, in one of the views that it has. */
export function toMailPage({
  mail,
  view,
  source,
}: {
  readonly mail: CaughtMail;
  readonly view: View;
  /** For the view `source`. */ readonly source: string;
}): string {
  const facts: readonly (readonly [string, string])[] = [
    ['From', mail.from],
    ['To', mail.to],
    ...(envelopeDiffers(mail) ? ([['Envelope', `${mail.envelope.from} → ${mail.envelope.to.join(', ')}`]] as const) : []),
    ['Received', toLocalTime(mail.receivedAt)],
    ...(mail.date === null ? [] : ([['Dated', toLocalTime(mail.date)]] as const)),
    ...(mail.messageId === null ? [] : ([['Message-ID', mail.messageId]] as const)),
    ...(mail.attachments.length === 0
      ? []
      : ([
          ['Attached', mail.attachments.map(({ name, type, sizeBytes }) => `${name} (${type}, ${toSize(sizeBytes)})`).join(', ')],
        ] as const)),
  ];
  const path = `/mails/${mail.id}`;
  return toDocument({
    title: `${toSubject(mail)} · Hookline`,
    body: html`<main>
      <header class="bar">
        <a href="/">Mails</a><span class="faint">/</span>
        <h1>${toSubject(mail)}</h1>
        <a class="push" href="${path}/raw">Download .eml</a>
      </header>
      <div class="sheet">
        <table>
          <tbody>
            ${facts.map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${value}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <nav class="tabs">
        ${viewsOf(mail).map((name) => html`<a href="${path}?view=${name}" ${name === view ? html` aria-current="page"` : ''}>${TAB[name]}</a>`)}
      </nav>
      <div class="sheet">${toView({ mail, view, source, path })}</div>
    </main>`,
  });
}

/** The views that a mail has, the best one first. */
export function viewsOf(mail: CaughtMail): readonly View[] {
  return VIEWS.filter((view) => (view === 'html' ? mail.html !== null : view === 'text' ? mail.text !== null : true));
}

const TAB = { html: 'HTML', text: 'Text', headers: 'Headers', source: 'Source' } as const satisfies Record<View, string>;

function toView({
  mail,
  view,
  source,
  path,
}: {
  readonly mail: CaughtMail;
  readonly view: View;
  readonly source: string;
  readonly path: string;
}): Html {
  // `sandbox` without a word in it: no script, no form, no pop-up, an origin of its own
  if (view === 'html') return html`<iframe sandbox="" src="${path}/html" title="The mail as HTML"></iframe>`;
  if (view === 'text') return html`<pre>${mail.text ?? ''}</pre>`;
  if (view === 'source') return html`<pre class="mono">${source}</pre>`;
  return html`<table>
    <tbody>
      ${mail.headers.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="mono">${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function toTable(mails: readonly MailSummary[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th class="to">To</th>
        <th>Subject</th>
        <th class="when">Received</th>
      </tr>
    </thead>
    <tbody>
      ${mails.map(
        (mail) =>
          html`<tr class="row">
            <td>${mail.to}</td>
            <td><a href="/mails/${mail.id}">${toSubject(mail)}</a></td>
            <td class="when faint"><time datetime="${mail.receivedAt}">${toLocalTime(mail.receivedAt)}</time></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function toPager(first: number, count: number): Html {
  const newer = first > 0 ? html`<a href="/?first=${Math.max(0, first - PAGE_SIZE)}">← Newer</a> ` : html``;
  const older = first + PAGE_SIZE < count ? html`<a href="/?first=${first + PAGE_SIZE}">Older →</a>` : html``;
  return html`<nav class="tabs">${newer}${older}</nav>`;
}

function deleteButton(): Html {
  return html`<form class="push" method="post" action="/delete"><button type="submit">Delete all</button></form>`;
}

function envelopeDiffers({ envelope, from, to }: CaughtMail): boolean {
  return envelope.to.length > 0 && !(from.includes(envelope.from) && envelope.to.every((recipient) => to.includes(recipient)));
}

function toSubject({ subject }: Pick<CaughtMail, 'subject'>): string {
  return subject === '' ? '(no subject)' : subject;
}

function toSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

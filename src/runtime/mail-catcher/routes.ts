import type { LocalReply, LocalRequest } from './local-server.ts';
import { json, page, text } from './local-server.ts';
import type { MailStore } from './mail-store.ts';
import { toListPage, toMailPage, VIEWS, viewsOf, type View } from './pages.ts';
import { STYLE } from './style.ts';

/** What a mail's HTML may do in its frame: be looked at. Its own styles and inline pictures count, everything else is refused. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/**
 * The web side: `/` lists, `/mails/<id>` shows one, `/mails/<id>/html` and `/raw` are its parts; `GET /api/mails`,
 * `GET /api/mails/<id>` and `DELETE /api/mails` are the same for programs.
 */
export function createMailRoutes({
  store,
  smtpUrl,
}: {
  readonly store: MailStore;
  readonly smtpUrl: string;
}): (request: LocalRequest) => Promise<LocalReply> {
  return async ({ method, path, query, sameOrigin }) => {
    if (method !== 'GET' && !sameOrigin) return text(403, 'another site may not do this');
    if (path === '/api/mails' && method === 'DELETE') return deleteAll(store, { status: 204, type: 'text/plain', body: '' });
    if (path === '/delete' && method === 'POST') return deleteAll(store, { ...text(303, 'deleted'), headers: { location: '/' } });
    if (method !== 'GET') return { ...text(405, 'GET only'), headers: { allow: 'GET, HEAD' } };

    if (path === '/') return page(200, toListPage({ mails: store.list(), first: toOffset(query.get('first')), smtpUrl }));
    if (path === '/style.css') return { status: 200, type: 'text/css; charset=utf-8', body: STYLE };
    if (path === '/api/mails') return json(200, store.list());
    const [, prefix, id = '', part = ''] = /^\/(mails|api\/mails)\/([^/]+)(?:\/(html|raw))?$/.exec(path) ?? [];
    if (prefix === undefined) return text(404, 'there is no such page');
    const mail = await store.read(id);
    if (mail === null) return text(404, 'there is no such mail; it may have been deleted');
    if (prefix === 'api/mails') return part === '' ? json(200, mail) : text(404, 'there is no such page');
    if (part === 'html') return { ...page(200, mail.html ?? ''), headers: { 'content-security-policy': MAIL_POLICY } };
    const raw = (await store.raw(id)) ?? new Uint8Array();
    if (part === 'raw')
      return { status: 200, type: 'message/rfc822', body: raw, headers: { 'content-disposition': `attachment; filename="${id}.eml"` } };
    const view = toView(query.get('view'), viewsOf(mail));
    return page(200, toMailPage({ mail, view, source: view === 'source' ? Buffer.from(raw).toString('utf8') : '' }));
  };
}

async function deleteAll(store: MailStore, done: LocalReply): Promise<LocalReply> {
  await store.clear();
  return done;
}

function toView(asked: string | null, has: readonly View[]): View {
  const view = VIEWS.find((name) => name === asked && has.includes(name));
  return view ?? has[0] ?? 'source';
}

function toOffset(text: string | null): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

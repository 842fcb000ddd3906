import { z } from 'zod';
import { bytes, type Route } from '../../admin/api/define-route.ts';
import { HooklineError } from '../../contracts/errors.ts';
import { toApiFailure } from './api-failure.ts';

/** Asks the admin API. What is asked for and what comes back is typed by the route's schemas, and parsed by them on the way. */
export interface ApiClient {
  /** Throws `ApiFailure` with the code that the API tells, and `api.unreachable` where nothing answers. */
  ask<Asked extends Route>(route: Asked, request: RequestOf<Asked>): Promise<z.output<Asked['reply']>>;
}

/** What a route takes: a part that may be empty may be left out. */
export type RequestOf<Asked extends Route> = Part<'params', Asked['params']> & Part<'query', Asked['query']> & Part<'body', Asked['body']>;

type Part<Name extends string, Schema extends z.ZodType> =
  z.output<Schema> extends infer Value
    ? undefined extends Value
      ? { readonly [name in Name]?: undefined }
      : Record<never, never> extends Value
        ? { readonly [name in Name]?: Value }
        : { readonly [name in Name]: Value }
    : never;

/** A request as it travels. */
export interface ApiCall {
  readonly method: Route['method'];
  /** From `/api` on, with the query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string | undefined;
}

/** An answer as it has travelled. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Carries a request to the API, wherever it is. */
export type Send = (call: ApiCall) => Promise<ApiAnswer>;

/** Makes a client on a transport. */
export function createApiClient(send: Send): ApiClient {
  return {
    async ask<Asked extends Route>(route: Asked, request: RequestOf<Asked>) {
      const { params = {}, query = {}, body } = request as LooseRequest; // the compiler cannot take the parts of a route that it does not know
      const path = toPath(route.url, encode(route.params, params, 'params'));
      const answer = await send({
        method: route.method,
        path: `${path}${toSearch(encode(route.query, query, 'query'))}`,
        body: body === undefined ? undefined : JSON.stringify(encode(route.body, body, 'body')),
      });
      if (answer.status !== 200) throw toApiFailure(answer, path);
      return (route.reply === bytes ? answer.body : decode(route, answer.body, path)) as z.output<Asked['reply']>; // parsed by that very schema
    },
  };
}

interface LooseRequest {
  readonly params?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/** The first thing that does not fit is told as the API itself would tell it. */
function encode<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.input<Schema> {
  const encoded = z.safeEncode(schema, value as z.output<Schema>); // what is no such value is what this finds out
  if (encoded.success) return encoded.data;
  const [first] = encoded.error.issues;
  const where = [part, ...(first?.path ?? [])].join('.');
  throw new HooklineError('api.badRequest', { got: first?.message ?? 'another form', where });
}

function decode(route: Route, body: Uint8Array, path: string): unknown {
  const read = z.safeDecode(route.reply, parse(body) as never); // what it is not, this finds out
  if (read.success) return read.data;
  const [first] = read.error.issues;
  const got = `${first?.message ?? 'another form'} at \`${first?.path.join('.') ?? ''}\``;
  throw new HooklineError('api.badReply', { got, where: path });
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // no reply is that
  }
}

function toPath(url: string, params: unknown): string {
  const values = params as Readonly<Record<string, string>>; // every route's are texts
  return url.replaceAll(/:(\w+)/g, (_text, name: string) => {
    const value = values[name] ?? '';
    // a URL takes these for steps, however they are written
    if (/^\.{1,2}$/.test(value)) throw new HooklineError('api.badRequest', { expected: 'a name', got: `\`${value}\``, where: name });
    return encodeURIComponent(value);
  });
}

function toSearch(query: unknown): string {
  const search = new URLSearchParams();
  // every route's are texts
  for (const [name, value] of Object.entries(query as Readonly<Record<string, string | undefined>>))
    if (value !== undefined) search.append(name, value);
  return search.size === 0 ? '' : `?${search.toString()}`;
}

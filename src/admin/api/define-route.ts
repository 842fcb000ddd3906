import { z } from 'zod';
import type { TokenRole } from '../../store/tokens.ts';
import type { ApiContext, Caller } from './api-context.ts';

/** A route of the admin API: who may use it, what it takes and gives, and what it does. */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** `resource.verb`, unique. */
  readonly name: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Whole, with `:name` for each of `params`. */
  readonly url: string;
  /** The least role that may use it. */
  readonly role: TokenRole;
  /** Whether it is for those only who may read payloads. */
  readonly payloads: boolean;
  /** One sentence. */
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** `bytes` where it gives no JSON. */
  readonly reply: Reply;
  handle(request: ApiRequest<Params, Query, Body>): Promise<z.output<Reply>>;
}

/** A request, parsed. */
export interface ApiRequest<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly caller: Caller;
  readonly context: ApiContext;
}

/** No parameters, and none beside them. */
type Nothing = z.ZodObject<Record<never, never>, z.core.$strict>;
const nothing: Nothing = z.strictObject({});

/** The `body` of routes that take none. */
export const noBody = z.undefined();

/** The `reply` of routes that give bytes. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

interface RouteWish<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Reply extends z.ZodType> {
  readonly name: string;
  readonly method: Route['method'];
  readonly url: string;
  readonly role: TokenRole;
  /** @default false */
  readonly payloads?: boolean;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply: Reply;
  handle(request: ApiRequest<Params, Query, Body>): Promise<z.output<Reply>>;
}

/** Makes a route: types its handler by the schemas, and fills in what it does not take. Schemas should be strict, so that a misspelt filter is refused. */
export function defineRoute<
  Reply extends z.ZodType,
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = typeof noBody,
>(wish: RouteWish<Params, Query, Body, Reply>): Route<Params, Query, Body, Reply> {
  return {
    ...wish,
    payloads: wish.payloads ?? false,
    params: wish.params ?? (nothing as z.ZodObject as Params), // absent exactly where the type is the default
    query: wish.query ?? (nothing as z.ZodObject as Query), // likewise
    body: wish.body ?? (noBody as z.ZodType as Body), // likewise
  };
}

import type { z } from 'zod';
import type { JsonValue } from '../contracts/json.ts';
import type { EntityKey } from '../contracts/webhook.ts';

/** What a map function may know beside the payload. */
export interface MapContext {
  /** The configured endpoint's name: the system of ids that have none of their own. */
  readonly source: string;
  readonly provider: string;
  /** The receipt's time where the provider gives none. */
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  /** The system of ids that the payload takes from elsewhere and names without one. @default the source's name */
  readonly references?: string | undefined;
}

/**
 * The shape that a map function gives to the schema: every key of the data, none beside them, any value. The schema judges
 * the values.
 */
export type Draft<Data> = Data extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : Data extends object
    ? { readonly [Key in keyof Data]: Draft<Data[Key]> }
    : unknown;

/**
 * Turns one provider's payload into the type's shape. Pure. It throws a plain `Error` where that cannot be done (the event is
 * quarantined, `event.mapFailed`); the message names fields and JSON pointers, never a value of the payload. It returns `undefined`
 * where the payload is in order and no such fact: a checkout that is not paid yet. The event is then one of its raw type.
 */
export type MapPayload<Data> = (payload: JsonValue, context: MapContext) => Draft<Data> | undefined;

/** How events of an ordered type are told older from newer. */
export interface OrderRule<Field extends string = string> {
  /** The field of the data that holds the event's own time, ISO 8601. */
  readonly by: Field;
  /** Decides between types of one entity at equal times: the higher is the newer. @default 0 */
  readonly rank?: number;
}

/** One canonical event type: what it carries, which entity it speaks of, and how each provider's payload becomes it. */
export interface EventDefinition<Type extends string = string, Data = unknown> {
  /** Canonical: `order.created`. */
  readonly type: Type;
  /**
   * Of the schema, from 1. Raise it when the data mean something else than before: what is stored of an older version is projected
   * again before a replay. @default 1
   */
  readonly version?: number;
  /** Judges and projects: only what it names travels on. */
  readonly schema: z.ZodType<Data>;
  /** The entity that the event speaks of; its id carries the system that it comes from. */
  entity(data: Data): EntityKey | null;
  /** Absent for types whose order means nothing. */
  readonly order?: OrderRule;
  /** Provider, the provider's own type, map. A pair of provider and type belongs to one event type. */
  readonly from: { readonly [provider: string]: { readonly [providerType: string]: MapPayload<Data> } };
}

/** What an event definition's data look like. */
export type DataOfEvent<Definition> = Definition extends EventDefinition<string, infer Data> ? Data : never;

/** Makes an event type: types the maps and the order rule by the schema, and changes nothing. */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  definition: Omit<EventDefinition<Type, z.output<Schema>>, 'schema' | 'order'> & {
    readonly schema: Schema;
    readonly order?: OrderRule<Extract<keyof z.output<Schema>, string>>;
  },
): EventDefinition<Type, z.output<Schema>> {
  return definition as EventDefinition<Type, z.output<Schema>>; // Schema is a ZodType of its own output; the compiler cannot see through z.output
}

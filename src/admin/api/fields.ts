import { z } from 'zod';

/** A time: ISO 8601 in JSON, a `Date` on both sides of it. */
export const time = z.codec(z.string().meta({ format: 'date-time' }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** PostgreSQL and UUIDs of version 7 know none before. */
const FIRST = new Date(0);

/** A time in a question: ISO 8601, with a zone. */
export const askedTime = z.codec(z.iso.datetime({ offset: true }), z.date().min(FIRST), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/**
 * A text of anybody's in a question: nothing of ours has a control character. PostgreSQL takes neither U+0000 nor half of a character
 * (a lone surrogate), of which the driver makes U+FFFD: two texts would become one.
 */
export function asked(maxLength = 512): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected no control characters');
}

/** An id of anybody's in a question, as its sender may have written it: all but U+0000, which PostgreSQL does not take. */
export const givenId = z
  .string()
  .min(1)
  .max(2_048)
  .regex(/^[^\u0000]*$/, 'expected no U+0000');

/** A UUID in a path or a question. */
export const uuid = z.uuid();

/** `true` or `false` in a query. */
const flag = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: (text) => text === 'true',
  encode: (is) => (is ? 'true' : 'false'),
});

/** How many rows of a list, and where the page before has ended. */
export const page = {
  limit: z
    .codec(z.string().regex(/^\d{1,3}$/), z.int().min(1).max(200), { decode: Number, encode: String })
    .optional()
    .meta({ description: 'At most so many, 1 to 200; 20 without it.' }),
  cursor: z
    .string()
    .max(2_048)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()
    .meta({ description: 'What the page before has told as `next`; opaque.' }),
};

/** How many rows a page has that does not say. */
export const DEFAULT_LIMIT = 20;

/** From when on, and until when. */
export const span = {
  since: askedTime.optional().meta({ description: 'At or after this time.' }),
  until: askedTime.optional().meta({ description: 'Before this time.' }),
};

/** Whether payloads are to be told too; who has not the right gets null in their place, and `redacted: true`. */
export const payloads = flag.optional().meta({ description: 'With payloads; null and `redacted: true` for who may not read them.' });

/** The cursor of the next page, where there may be one. */
export const next = z.string().nullable().meta({ description: 'The cursor of the next page; null after the last.' });

/** Ids of events in a question, as they stand in workflow ids: 100 at most, and no longer together than a request line may be. */
export const eventIds = z
  .codec(
    z
      .string()
      .max(6_000)
      .regex(/^[\w-]{1,128}(?:,[\w-]{1,128}){0,99}$/),
    z.array(z.string()),
    {
      decode: (text) => text.split(','),
      encode: (ids) => ids.join(','),
    },
  )
  .optional()
  .meta({ description: 'Of events with these ids, at most 100, separated by commas.' });

/** What a payload holds. */
export const payload = z.unknown();

/** An entity's key. */
export const entityKey = z.object({ type: z.string(), id: z.string() });

/** What has become of a delivery. */
export const deliveryOutcome = z.enum(['accepted', 'duplicate', 'ignored', 'held', 'quarantined', 'refused']);

/** What has become of an event. */
export const eventState = z.enum(['routed', 'ignored', 'held', 'quarantined']);

/** What has become of a run. */
export const runState = z.enum(['pending', 'started', 'done', 'failed', 'stopped', 'repair_requested']);

/** What has become of an effect. */
export const effectState = z.enum(['intended', 'sending', 'done', 'unknown', 'undone']);

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonValue } from '../../src/contracts/json.ts';
import { createProjector } from '../../src/events/_project.ts';
import type { ProjectInput } from '../../src/events/_project.ts';
import { defineEvent } from '../../src/events/define-event.ts';
import { containing, matching } from '../suites/matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');

const noted = defineEvent({
  type: 'note.added',
  schema: z.object({ id: z.string(), at: z.string() }),
  entity: ({ id }) => ({ type: 'note', id: id === 'throw' ? String(JSON.parse('{canary')) : id }),
  order: { by: 'at' },
  from: { desk: { note: (payload) => read(payload) } },
});

function read(payload: JsonValue): { readonly id: JsonValue; readonly at: JsonValue } | undefined {
  if (payload === 'plain') throw new Error('expected a text at `/id`');
  if (payload === 'none') return undefined;
  if (payload === 'engine') return JSON.parse('{"canary":') as never; // throws
  if (payload === 'odd') throw 'canary' as unknown as Error; // JavaScript lets a map throw anything
  return payload as { id: JsonValue; at: JsonValue }; // the schema judges it
}

function project(payload: JsonValue, more: Partial<ProjectInput> = {}) {
  return createProjector([noted])({
    source: 's',
    provider: 'desk',
    providerType: 'note',
    payload,
    occurredAt: NOW,
    receivedAt: NOW,
    now: NOW,
    ...more,
  });
}

it('lets only what the schema names through', () => {
  expect(project({ id: '1', at: 'x', password: 'y' })).toEqual({
    ok: true,
    type: 'note.added',
    entity: { type: 'note', id: '1' },
    data: { id: '1', at: 'x' },
    version: 1,
  });
});

it('knows nothing of types that are members of prototypes', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype']) {
    expect(project({}, { providerType: name })).toBeUndefined();
    expect(project({}, { provider: name })).toBeUndefined();
  }
});

it('makes no event of its type where the map says that the payload is no such fact', () => {
  expect(project('none')).toBeUndefined();
});

it("says a developer's text, and of the engine's errors only name and place, since they may quote the payload", () => {
  expect(project('plain')).toMatchObject({ code: 'event.mapFailed', detail: 'expected a text at `/id`' });
  expect(project('engine')).toMatchObject({
    code: 'event.mapFailed',
    detail: matching(/^SyntaxError at _project\.test\.ts:\d+:\d+$/),
  });
  expect(project('odd')).toMatchObject({ code: 'event.mapFailed', detail: 'a string' });
  expect(project({ id: 'throw', at: 'x' })).toMatchObject({
    code: 'event.mapFailed',
    detail: matching(/^`entity` threw SyntaxError/),
  });
});

it.each(['', 'x'.repeat(257), 'a\0', 'a\udc00'])('refuses an entity id that cannot be stored: %j', (id) => {
  expect(project({ id, at: 'x' })).toMatchObject({ ok: false, code: 'event.mapFailed', entity: null });
});

it('refuses two event types for one type of a provider', () => {
  expect(() => createProjector([noted, { ...noted, type: 'note.again' }])).toThrow(
    /one event type for `note` of `desk`, got `note.added` and `note.again`/,
  );
});

describe('events that claim to be ahead', () => {
  const at = (ms: number): Date => new Date(NOW.getTime() + ms);
  const LIMIT = 5 * 60_000;

  it("are taken up to 5 minutes, by the event's time and by the one that orders", () => {
    expect(project({ id: '1', at: at(LIMIT).toISOString() }, { occurredAt: at(LIMIT) })).toMatchObject({ ok: true });
  });

  it('are quarantined beyond', () => {
    expect(project({ id: '1', at: 'x' }, { occurredAt: at(LIMIT + 1) })).toMatchObject({
      ok: false,
      code: 'event.fromFuture',
      entity: { id: '1' },
    });
    expect(project({ id: '1', at: at(LIMIT + 1).toISOString() })).toMatchObject({ ok: false, code: 'event.fromFuture' });
    expect(project({ id: '1', at: '9999-12-31T00:00:00Z' })).toMatchObject({
      ok: false,
      code: 'event.fromFuture',
      detail: containing('/at'),
    });
  });

  it('are taken by a replay once their time has come', () => {
    expect(project({ id: '1', at: at(LIMIT + 1).toISOString() }, { now: at(LIMIT) })).toMatchObject({ ok: true });
  });

  it('are taken if the type is not ordered', () => {
    const { order: _, ...unordered } = noted;
    const input = {
      source: 's',
      provider: 'desk',
      providerType: 'note',
      payload: { id: '1', at: 'x' },
      occurredAt: at(9e9),
      receivedAt: NOW,
      now: NOW,
    };
    expect(createProjector([unordered])(input)).toMatchObject({ ok: true });
  });
});

it('names the version of the schema that has projected, and takes none that is no whole number from 1', () => {
  const versioned = (version: number) => createProjector([{ ...noted, version }]);
  const input = { source: 's', provider: 'desk', providerType: 'note', occurredAt: NOW, receivedAt: NOW, now: NOW };
  expect(versioned(7)({ ...input, payload: { id: '1', at: 'x' } })).toMatchObject({ ok: true, version: 7 });
  for (const version of [0, -1, 1.5, Number.NaN])
    expect(() => versioned(version)).toThrow(
      `bug.unexpected: expected a version that is a whole number from 1, got ${version}, in event type \`note.added\``,
    );
});

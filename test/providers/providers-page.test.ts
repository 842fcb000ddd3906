import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const page = await readFile(new URL('../../docs/providers.md', import.meta.url), 'utf8');
const sections = new Map(page.split(/^## /m).map((section) => [section.split('\n', 1)[0] ?? '', section]));
const all: readonly ProviderDefinition[] = providers;

/** The cells of a provider's row in the table. */
function rowOf(name: string): readonly string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| [${name}](#${name}) |`)) ?? '';
  return row.split('|').map((cell) => cell.trim());
}

/** Whether a signature of so many seconds ago, or ahead, is accepted. */
function accepts({ sign, verify }: ProviderDefinition, ageSeconds: number): boolean {
  const body = Buffer.from('{}');
  const headers = toDeliveryHeaders(
    Object.entries(sign({ body, secret: 'secret', now: new Date(NOW.getTime() - ageSeconds * 1_000) })).flat(),
  );
  return verify({ headers, body }, { secrets: ['secret'], now: NOW }).ok;
}

describe('docs/providers.md', () => {
  it.each(all)('tells of $name its secret, its headers, its samples and its traps', (provider) => {
    const section = sections.get(provider.name) ?? '';
    for (const part of ['**Secret**', '**Signature**', '**Event**', '**Samples**', '**Traps**']) expect(section).toContain(`- ${part}: `);
    const signed = Object.keys(provider.sign({ body: Buffer.from('{}'), secret: 'secret', now: NOW }));
    for (const header of signed) expect(section).toContain(`\`${header}`);
    const samples = section.slice(section.indexOf('**Samples**'), section.indexOf('**Traps**'));
    for (const type of Object.keys(provider.sample)) expect(samples).toContain(`\`${type}\``);
  });

  it.each(all)('tells truly whether the age of $name is judged, and on which sides', (provider) => {
    const [past, ahead] = [accepts(provider, 301), accepts(provider, -301)];
    const sides = past ? 'no' : ahead ? 'past side' : 'both sides';
    expect(rowOf(provider.name).at(-2)).toBe(sides);
  });

  it.each(all)('tells truly whether the id of $name stands outside the signature', (provider) => {
    const [make] = Object.values(provider.sample);
    const { headers = {}, body = {} } = make?.({ now: NOW, id: '0123456789abcdef' }) ?? {};
    const input = { json: body, body: Buffer.from(JSON.stringify(body)), options: {}, receivedAt: NOW };
    const [event] = provider.identify({ ...input, headers: toDeliveryHeaders(Object.entries(headers).flat()) });
    expect(rowOf(provider.name)[3]).toMatch(event?.idUnsigned === true ? /^header$/ : /^(?:body|header, signed)/);
  });

  it('tells of no provider that is not there', () => {
    const others = ['What holds for all'];
    const names = [...sections.keys()].filter((name) => !name.startsWith('# ') && !others.includes(name));
    expect(names).toEqual(all.map(({ name }) => name).toSorted());
  });
});

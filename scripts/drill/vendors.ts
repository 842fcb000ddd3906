import { join } from 'node:path';
import { createParts } from '../../src/runtime/parts.ts';
import type { VendorEntry } from './facts.ts';
import { startHttpVendor, type ReadRequest, type VendorRequest } from './http-vendor.ts';
import type { Random } from './random.ts';
import { startSmtpVendor } from './smtp-vendor.ts';
import { openVendorLog } from './vendor-log.ts';
import { createMood, type VendorMood } from './vendor-mood.ts';

/**
 * The fake vendors of a drill by name. None of them looks at a key, so that the checker sees what each was asked to do twice; real ones of
 * the last three kinds do look at it. Mail is the one that has no idempotency outside either: what it takes twice, somebody reads twice.
 */
export const VENDORS = ['mail', 'warehouse', 'crm', 'team'] as const;

/** A fake vendor. */
export type FakeVendor = (typeof VENDORS)[number];

/** All of them, running. */
export interface Vendors {
  readonly urls: Readonly<Record<FakeVendor, string>>;
  /** Changed while they run. */
  readonly moods: Readonly<Record<FakeVendor, VendorMood>>;
  /** Everybody does what they are asked to again. */
  heal(): void;
  /** What they have on disk. */
  entries(): Promise<readonly VendorEntry[]>;
  close(): Promise<void>;
}

/** Starts mail server, warehouse, CRM and team channel, which keep one log in a folder. */
export async function startVendors({ folder, random }: { readonly folder: string; readonly random: Random }): Promise<Vendors> {
  const log = await openVendorLog(join(folder, 'vendors.jsonl'));
  const moods = { mail: createMood(), warehouse: createMood(), crm: createMood(), team: createMood() };
  const parts = createParts(() => {});
  await parts.add(0, Promise.resolve(log));
  const http = (name: Exclude<FakeVendor, 'mail'>, read: (request: VendorRequest) => ReadRequest) =>
    parts.add(1, startHttpVendor({ name, log, mood: moods[name], random, read }));
  try {
    const [mail, warehouse, crm, team] = await Promise.all([
      parts.add(1, startSmtpVendor({ log, mood: moods.mail, random })),
      http('warehouse', readOrder),
      http('crm', readProfile),
      http('team', readNotice),
    ]);
    return {
      urls: { mail: mail.url, warehouse: `${warehouse.url}/orders`, crm: `${crm.url}/customers`, team: `${team.url}/notices` },
      moods,
      heal: () => {
        for (const mood of Object.values(moods)) Object.assign(mood, createMood());
      },
      entries: () => log.read(),
      close: parts.close,
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function readOrder({ headers, json }: VendorRequest): ReadRequest {
  return { key: String(headers['webhook-id']).replace(/^msg_/, ''), about: textAt(json, 'order', 'id'), version: null };
}

function readProfile({ headers, path, json }: VendorRequest): ReadRequest {
  const about = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  return { key: String(headers['idempotency-key']), about, version: textAt(json, 'updatedAt') };
}

function readNotice({ headers, json }: VendorRequest): ReadRequest {
  return { key: String(headers['idempotency-key']), about: textAt(json, 'metadata', 'event_payload', 'ticket_id'), version: null };
}

function textAt(json: unknown, ...path: readonly string[]): string {
  let value = json;
  for (const name of path)
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined; // an object's fields are unknown
  return typeof value === 'string' ? value : `no ${path.join('.')}`;
}

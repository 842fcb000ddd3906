import { atPointer, type JsonObject, type JsonValue } from '../../contracts/json.ts';
import type { Stack } from '../../runtime/stack.ts';
import type { Store } from '../../store/store.ts';
import { toNoticeView } from '../../admin/api/views/notice-view.ts';
import type { DemoTraces } from './demo-story.ts';

/** More notices than a demonstration can make. */
const MANY = 1_000;

/** Reads what chains have left: mails, the warehouse's book, and the agents' own tables. */
export async function readTraces(
  { mail, warehouse }: Pick<Stack, 'mail' | 'warehouse'>,
  { agentTables }: Pick<Store, 'agentTables'>,
): Promise<DemoTraces> {
  return {
    mails: ((await mail?.mails()) ?? []).toReversed().map(({ to, subject }) => ({ to, subject })),
    warehouse: (warehouse?.orders() ?? []).map(({ order }) => ({
      order: textAt(order, '/order/id') ?? '',
      number: textAt(order, '/order/number') ?? '',
      backordered: atPointer(order, '/backordered') === true,
    })),
    notices: (await agentTables.teamNotices({ limit: MANY }))
      .map(toNoticeView)
      .map(({ ticket, escalation, why }) => ({ ticket, escalation, why }))
      .toReversed(),
    profiles: (await agentTables.crmProfiles()).map(({ externalId, revision, profile }) => ({
      customer: externalId,
      revision,
      name: textAt(profile, '/name'),
      phone: textAt(profile, '/phone'),
      updatedAt: textAt(profile, '/updatedAt'),
    })),
    orders: (await agentTables.entities('order')).map(({ id, fields }) => ({
      order: id,
      status: textAt(fields, '/status'),
      paid: numberAt(fields, '/payment/amount'),
      payments: listAt(fields, '/payment/payments').length,
    })),
    tickets: (await agentTables.entities('ticket')).map(({ id, fields }) => ({
      ticket: id,
      status: textAt(fields, '/status'),
      escalated: atPointer(fields, '/escalated') === true,
    })),
    customers: (await agentTables.entities('customer')).map(({ id, fields }) => ({ customer: id, phone: textAt(fields, '/phone') })),
    users: (await agentTables.entities('user')).map(({ id, fields }) => ({
      user: id,
      segments: listAt(fields, '/segments').map(toWord).join(', '),
    })),
    counted: (await agentTables.analytics()).map(({ name, subject, value, currency }) => ({ name, subject, value, currency })).toReversed(),
  };
}

function textAt(document: JsonObject, pointer: string): string | null {
  const value = atPointer(document, pointer);
  return typeof value === 'string' ? value : null;
}

function numberAt(document: JsonObject, pointer: string): number | null {
  const value = atPointer(document, pointer);
  return typeof value === 'number' ? value : null;
}

function listAt(document: JsonObject, pointer: string): readonly JsonValue[] {
  const value = atPointer(document, pointer);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []; // Array.isArray does not narrow readonly arrays
}

function toWord(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

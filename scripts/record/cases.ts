import { followTicketCases } from './cases/follow-ticket.ts';
import { newOrderCases } from './cases/new-order.ts';
import { orderPaidCases } from './cases/order-paid.ts';
import type { RecordedCase } from './cases/recorded-case.ts';
import { syncCustomerCases } from './cases/sync-customer.ts';
import { welcomeUserCases } from './cases/welcome-user.ts';

/** The ways through each chain whose histories are kept: every branch of its code, and every kind of end. One file a chain in `cases/`. */
export const cases: Readonly<Record<string, readonly RecordedCase[]>> = {
  'follow-ticket': followTicketCases,
  'new-order': newOrderCases,
  'order-paid': orderPaidCases,
  'sync-customer': syncCustomerCases,
  'welcome-user': welcomeUserCases,
};

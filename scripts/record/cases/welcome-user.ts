import { userRegistered } from '../sample-user.ts';
import { fail, type RecordedCase } from './recorded-case.ts';

const segment = { 'marketing.segment': () => ({ segments: ['large-team', 'newsletter', 'paying'] }) };

/** The ways through `welcome-user`. */
export const welcomeUserCases: readonly RecordedCase[] = [
  { name: 'done', event: userRegistered(), actions: segment },
  { name: 'no-address', event: userRegistered({ email: null }), actions: segment },
  { name: 'mail-refused', event: userRegistered(), actions: { ...segment, 'email.sendWelcome': fail('mail.refused') } },
  { name: 'segment-failed', event: userRegistered(), actions: { 'marketing.segment': fail('ledger.inputChanged') } },
  { name: 'analytics-failed', event: userRegistered(), actions: { ...segment, 'analytics.record': fail('ledger.inputChanged') } },
];

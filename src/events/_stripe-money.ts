import type { JsonValue } from '../contracts/json.ts';

// docs.stripe.com/currencies: zero-decimal and three-decimal ones. ISK and UGX have no decimals any more, but Stripe goes on writing two.
const NO_DECIMALS = new Set(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF']);
const THREE_DECIMALS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** Stripe's amount and currency as ours: major units, capital letters. What is no whole number or no text stays as it is, for the schema to refuse. */
export function toMajorUnits(minor: JsonValue | undefined, currency: JsonValue | undefined): { amount: unknown; currency: unknown } {
  if (typeof minor !== 'number' || !Number.isSafeInteger(minor) || typeof currency !== 'string') return { amount: minor, currency };
  const code = currency.toUpperCase();
  const decimals = NO_DECIMALS.has(code) ? 0 : THREE_DECIMALS.has(code) ? 3 : 2;
  return { amount: Number((minor / 10 ** decimals).toFixed(decimals)), currency: code };
}

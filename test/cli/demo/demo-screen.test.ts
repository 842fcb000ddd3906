import { describe, expect, test } from 'vitest';
import { checkDemo } from '../../../src/cli/demo/check-demo.ts';
import { toDemoDocument } from '../../../src/cli/demo/demo-document.ts';
import { toDemoScreen } from '../../../src/cli/demo/demo-screen.ts';
import type { DemoFacts } from '../../../src/cli/demo/play-demo.ts';
import { wellFacts } from './well-facts.ts';

const viewOf = (facts: DemoFacts) => ({ facts, problems: checkDemo(facts), linkTo: () => 'http://127.0.0.1/run' });
const screenOf = (facts: DemoFacts): string => toDemoScreen(viewOf(facts), (_tone, text) => text);
const well = wellFacts();

describe('the screen of a demonstration', () => {
  const screen = screenOf(well);

  test('tells each webhook in its story, with answer, chain, steps, outcome, time and link', () => {
    expect(screen).toMatch(
      /^✓ {2}New order +Shopify: order placed +200 accepted +new-order +4 of 4 +done +70 ms +http:\/\/127\.0\.0\.1\/run$/m,
    );
    expect(screen).toMatch(/^✓ +Stripe: checkout completed +200 accepted +order-paid +2 of 2 +done: #\d+ paid +70 ms/m);
    expect(screen).toMatch(/^✓ +Shopify: order placed, resent +200 duplicate +1 ms$/m);
    expect(screen).toMatch(/^✓ +Shopify: order with a byte changed +401 refused +signature\.mismatch +1 ms$/m);
  });

  test('tells the mails, the warehouse, the team and the CRM', () => {
    expect(screen).toMatch(/^margaret@example\.com +Welcome, Margaret Hamilton$/m);
    expect(screen).toMatch(/^#\d+ +shopify:\d+ +whole$/m);
    expect(screen).toMatch(/^hookline:tkt_\w+ +2 +priority urgent$/m);
    expect(screen).toMatch(/^shopify:\d+ +Ada Lovelace +\+442079460001 +2026-11-24T11:58:00\.000Z$/m);
    expect(screen).toMatch(/✓ all is as it should be$/);
  });

  test('marks what is not as it should be, and says it', () => {
    const facts = { ...well, refused: [], traces: { ...well.traces, users: [] } };
    expect(screenOf(facts)).toMatch(/^✗ +Shopify: order with a byte changed +401 refused/m);
    expect(screenOf(facts)).toContain(
      '✗ Shopify: order with a byte changed: expected refused deliveries: shopify signature.mismatch; got none',
    );
    expect(screenOf(facts)).not.toContain('all is as it should be');
    expect(toDemoDocument(viewOf(facts))).toMatchObject({ ok: false, problems: [{}, { got: 'none' }], users: [] });
  });
});

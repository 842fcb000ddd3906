import { expect, test } from 'vitest';
import { toScreen } from '../../src/cli/up-screen.ts';

const stack = {
  ingressUrl: 'http://127.0.0.1:8787',
  publicUrl: 'http://127.0.0.1:8787',
  adminUrl: 'http://127.0.0.1:8788',
  databaseUrl: 'postgres://hookline:hunter2@127.0.0.1:5432/hookline',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  temporalUiUrl: 'http://127.0.0.1:8233',
  mailUrl: null,
  warehouseUrl: null,
};

test('the screen of `up` tells where to post, and no password', () => {
  const screen = toScreen(stack, { colours: false });
  expect(screen).toContain('  post to      http://127.0.0.1:8787/webhooks/<source>\n');
  expect(screen).not.toContain('listens at');
  expect(screen).not.toContain('hunter2');
});

test('where providers reach it by another URL, that one is told for posting', () => {
  const screen = toScreen({ ...stack, publicUrl: 'https://hooks.example/' }, { colours: false });
  expect(screen).toContain('  post to      https://hooks.example/webhooks/<source>\n  listens at   http://127.0.0.1:8787\n');
});

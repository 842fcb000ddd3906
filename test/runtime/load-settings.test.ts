import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOf, settingsOf, useSettingsFolder } from '../support/settings-folder.ts';

const STRONG = '9f2c1b7e4a6d8035c1e9f7a2b4d60813';

const folder = useSettingsFolder();
const { load } = folder;

describe('loadSettings with a file', () => {
  test('takes sources, variables, files and sizes', () => {
    writeFileSync(join(folder.path(), 'old-secret'), `${STRONG.toUpperCase()}\n`);
    const yaml = `
sources:
  shop:
    provider: shopify
    secrets: ['\${SHOP_SECRET}', { file: old-secret }]
  github:
    provider: hookline
    secrets: '\${HUB_SECRET}'
    id: { header: X-GitHub-Delivery }
    type: { header: X-GitHub-Event }
ingress: { port: '\${PORT}', bodyLimit: 2 MiB }
database: { url: 'postgres://hookline:\${PASSWORD}@db.example/hookline' }
mail: { smtp: 'smtps://user:\${PASSWORD}@mail.example', from: 'Shop <orders@shop.example>' }
warehouse: { url: 'https://warehouse.example/orders', secret: '\${WAREHOUSE}' }
`;
    const env = {
      SHOP_SECRET: STRONG,
      HUB_SECRET: STRONG,
      PORT: '9000',
      PASSWORD: 'p',
      WAREHOUSE: `whsec_${Buffer.from(STRONG).toString('base64')}`,
    };
    const loaded = load(yaml, { mode: 'production', env });
    expect(settingsOf(loaded)).toMatchObject({
      sources: {
        shop: { provider: 'shopify', secrets: [STRONG, STRONG.toUpperCase()] },
        github: { secrets: [STRONG], id: { header: 'X-GitHub-Delivery' }, type: { header: 'X-GitHub-Event' } },
      },
      ingress: { port: 9000, bodyLimit: 2_097_152, requestTimeoutMs: 10_000 },
      database: { url: 'postgres://hookline:p@db.example/hookline' },
      mail: { smtp: 'smtps://user:p@mail.example' },
    });
    expect(loaded.ok && [...loaded.given]).toContain('ingress.port');
    expect(loaded.ok && [...loaded.given]).not.toContain('ingress.host');
  });

  test('lets the environment go before the file', () => {
    const yaml = 'database: { url: postgres://a.example/a }';
    expect(settingsOf(load(yaml, { env: { DATABASE_URL: 'postgres://b.example/b' } })).database.url).toBe('postgres://b.example/b');
    expect(settingsOf(load(yaml, { env: { DATABASE_URL: '' } })).database.url).toBe('postgres://a.example/a');
  });

  test('gives development its sources when the file has none', () => {
    expect(Object.keys(settingsOf(load('ingress: { port: 0 }\nsources:\n')).sources)).toEqual([
      'clerk',
      'github',
      'hookline',
      'orders',
      'shopify',
      'stripe',
      'zendesk',
    ]);
    expect(Object.keys(settingsOf(load(`sources: { shop: { provider: shopify, secrets: ${STRONG} } }`)).sources)).toEqual(['shop']);
  });

  test('puts the data folder where the caller says, else where the file says', () => {
    expect(settingsOf(load('data: kept')).data).toBe(join(folder.path(), 'kept'));
    expect(settingsOf(load('data: kept', { dataDir: 'other' })).data).toBe(join(folder.path(), 'other'));
  });

  test('takes an empty file, anchors, and `$${` as it stands', () => {
    expect(settingsOf(load('')).ingress.port).toBe(8787);
    const yaml = `sources:\n  a: &a { provider: hookline, secrets: ${STRONG}, type: '$\${x}' }\n  b: *a\n`;
    expect(settingsOf(load(yaml)).sources['b']).toMatchObject({ secrets: [STRONG], type: { value: '${x}' } });
  });

  test('reports all problems at once, each with its line, what was expected, what was got, and the fix', () => {
    const yaml = `ingress:
  prot: 8080
  port: 99999
  host: 0.0.0.0
sources:
  shop:
    provider: shopfy
    secrets:
      - short
      - change-me-change-me
      - \${SHOP_SECRET}
    id: body
  Shop: {}
  other: { provider: hookline }
databse: {}
log: loud
`;
    expect(problemsOf(load(yaml))).toEqual([
      'settings.unknown: expected a setting of `ingress`, got `prot`, in hookline.yaml:2\n  fix: did you mean `port`?',
      'settings.wrong: expected an integer from 0 to 65535, got `99999`, in hookline.yaml:3\n  fix: see `docs/settings.md`',
      'settings.wrong: expected `ingress.tls`, or a proxy in `ingress.trustProxy` that ends TLS, for a listener beyond loopback, got neither, in hookline.yaml:4\n  fix: give `ingress.tls` certificate and key, or list the addresses from which your proxy connects in `ingress.trustProxy`, or bind to `127.0.0.1`',
      'settings.wrong: expected the name of a provider, got `shopfy`, in hookline.yaml:7\n  fix: did you mean `shopify`?',
      'settings.secretWeak: expected a secret of at least 16 random bytes, got 5 bytes, in hookline.yaml:9\n  fix: take 32 random bytes: `openssl rand -hex 32`',
      'settings.secretWeak: expected a secret of at least 16 random bytes, got a placeholder, in hookline.yaml:10\n  fix: take 32 random bytes: `openssl rand -hex 32`',
      'settings.variableMissing: expected the environment variable `SHOP_SECRET`, got nothing, in hookline.yaml:11\n  fix: set the variable',
      'settings.wrong: expected `{ header: <name> }`, `{ pointer: <JSON pointer> }` or `bodyHash`, got `body`, in hookline.yaml:12\n  fix: see `docs/settings.md`',
      "settings.wrong: expected a source's name in kebab-case, at most 64 characters, got `Shop`, in hookline.yaml:13\n  fix: take lower-case letters, digits and single hyphens: the name stands in the path, and in ids",
      'settings.wrong: expected `sources.other.secrets` to be at least one secret, got nothing, in hookline.yaml:14\n  fix: see `docs/settings.md`',
      'settings.unknown: expected a setting, got `databse`, in hookline.yaml:15\n  fix: did you mean `database`?',
      'settings.wrong: expected `log` to be a map of settings, got a plain value, in hookline.yaml:16\n  fix: see `docs/settings.md`',
    ]);
  });

  test('refuses secrets that stand in the file, outside development', () => {
    const yaml = `sources:
  shop: { provider: shopify, secrets: ${STRONG} }
database: { url: 'postgres://hookline:hunter2@db.example/hookline' }
mail: { smtp: smtp://mail.example }
warehouse: { url: 'https://warehouse.example', secret: 'whsec_${STRONG}' }
`;
    const loaded = load(yaml, { mode: 'production' });
    expect(problemsOf(loaded)).toEqual([
      'settings.secretLiteral: expected `${NAME}` or `{ file: <path> }`, got the secret itself, in hookline.yaml:2\n  fix: write `${NAME}` or `{ file: path }`',
      'settings.secretLiteral: expected `${NAME}` or `{ file: <path> }`, got the password itself, in hookline.yaml:3\n  fix: write `${NAME}` or `{ file: path }`',
      'settings.secretLiteral: expected `${NAME}` or `{ file: <path> }`, got the secret itself, in hookline.yaml:5\n  fix: write `${NAME}` or `{ file: path }`',
    ]);
  });

  test('says what production cannot do without', () => {
    expect(problemsOf(load('ingress: { port: 80 }', { mode: 'production' }))).toEqual([
      'settings.wrong: expected `database.url` to be a URL that starts with `postgres://` or `postgresql://`, got nothing, in hookline.yaml\n  fix: set the environment variable `DATABASE_URL`, or `database.url`',
      'settings.wrong: expected `mail.smtp` to be a URL that starts with `smtp://` or `smtps://`, got nothing, in hookline.yaml\n  fix: see `docs/settings.md`',
      'settings.wrong: expected `warehouse.url` to be a URL that starts with `http://` or `https://`, got nothing, in hookline.yaml\n  fix: see `docs/settings.md`',
      'settings.wrong: expected `warehouse.secret` to be `whsec_` and 24 to 64 bytes in base64, got nothing, in hookline.yaml\n  fix: take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
      'settings.wrong: expected at least one source in `sources`, got none, in hookline.yaml\n  fix: see `docs/settings.md`',
    ]);
  });

  test('a warehouse of your own needs its secret, in development as well', () => {
    expect(problemsOf(load('warehouse: { url: https://warehouse.example }'))).toEqual([
      'settings.wrong: expected `warehouse.secret` to be `whsec_` and 24 to 64 bytes in base64, got nothing, in hookline.yaml:1\n  fix: take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
    ]);
  });

  test.each([
    '',
    '   ',
    'short',
    'x'.repeat(40),
    'changeme-changeme-changeme',
    'secretsecretsecret',
    'your-webhook-secret-here',
    'test-test-test-test',
    '12345678901234567890',
    '<replace-this-secret>',
  ])('refuses the secret %j in development as well', (secret) => {
    const loaded = load(`sources: { shop: { provider: shopify, secrets: [${JSON.stringify(secret)}] } }`);
    expect(loaded.ok || loaded.problems.map(({ code }) => code)).toEqual(['settings.secretWeak']);
  });

  test.each(['constructor', 'prototype', '__proto__', 'toString', 'a.b', 'a/b', 'A', '9a', 'a--b', 'a'.repeat(65)])(
    'refuses a source with the name %j',
    (name) => {
      const loaded = load(`sources: { ${JSON.stringify(name)}: { provider: shopify, secrets: ${STRONG} } }`);
      expect(loaded.ok || loaded.problems.map(({ code }) => code)).toEqual(['settings.wrong']);
    },
  );

  test('reports what is no YAML by its line, and quotes nothing of it', () => {
    const problems = problemsOf(load(`sources: {}\nsources: {}\nlog: "${STRONG}" x\n`));
    expect(problems).toEqual([
      'settings.yaml: expected YAML 1.2, got "Map keys must be unique", in hookline.yaml:2\n  fix: mend the line',
      expect.stringMatching(/^settings\.yaml: expected YAML 1\.2, got ".*", in hookline\.yaml:3\n {2}fix: mend the line$/),
    ]);
    expect(problems.join()).not.toContain(STRONG);
  });

  test('reports a file that is not there, and one that is no text', () => {
    expect(problemsOf(load(undefined, { file: 'nowhere.yaml' }))).toEqual([
      'settings.unreadable: expected a readable file, got ENOENT, in nowhere.yaml\n  fix: check the path given to `--config`',
    ]);
    writeFileSync(join(folder.path(), 'binary.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(problemsOf(load(undefined, { file: 'binary.yaml' }))).toEqual([
      'settings.unreadable: expected a readable file, got bytes that are not UTF-8, in binary.yaml\n  fix: check the path given to `--config`',
    ]);
  });

  test('reports a secret file that is not there or no regular file', () => {
    expect(problemsOf(load('sources: { shop: { provider: shopify, secrets: [{ file: gone }, { file: /dev/zero }] } }'))).toEqual([
      'settings.wrong: expected a readable file of at most 64 KiB at `gone`, got ENOENT, in hookline.yaml:1\n  fix: check the path; it is relative to the settings file',
      'settings.wrong: expected a readable file of at most 64 KiB at `/dev/zero`, got not a regular file, in hookline.yaml:1\n  fix: check the path; it is relative to the settings file',
    ]);
  });

  test('shows nothing of a wrong value that came from a variable', () => {
    const [problem] = problemsOf(load('log: { level: "${LEVEL}" }', { env: { LEVEL: STRONG } }));
    expect(problem).toBe(
      'settings.wrong: expected one of `debug`, `info`, `warn`, `error`, got a text of 32 characters, in hookline.yaml:1\n  fix: see `docs/settings.md`',
    );
  });

  test.each([
    { what: 'an alias of itself', yaml: 'http: { allow: &x [*x, *x] }' },
    { what: 'sources that hold themselves', yaml: 'sources: &s { shop: *s }' },
    { what: 'a list in place of a map', yaml: '[1, 2]' },
    { what: 'a key that is a map', yaml: '{ { a: b }: c }' },
    { what: 'a prototype', yaml: '__proto__: { ingress: {} }' },
    { what: 'two documents', yaml: 'log: {}\n---\nlog: {}\n' },
    { what: 'an unknown tag', yaml: 'data: !env HOME' },
  ])('answers $what with problems, and does not throw', ({ yaml }) => {
    expect(load(yaml).ok).toBe(false);
  });
});

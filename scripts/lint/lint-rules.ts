import type { OxlintConfig } from 'oxlint';
import { DIGEST_BAN, HTTP_BANS, HTTP_CLIENT_BAN, NODEMAILER_BAN, PG_BAN, ROOMS, ZOD_BAN, roomBans } from './room-imports.ts';
import type { ImportBan, NameBan } from './room-imports.ts';

/**
 * Every rule that we rely on. Each has a fixture in test/lint-fixtures that must fail: a pattern that matches nothing is
 * silent. Patterns start with `**`, so that they hold for the fixtures as well.
 */
export const lintRules: OxlintConfig = {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'vitest'],
  categories: { correctness: 'error' },
  env: { builtin: true, node: true },
  rules: {
    // promises: every one awaited, returned or voided
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],

    // types
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'typescript/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],

    // modules
    'import/no-cycle': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],

    // the outside world
    'node/no-process-env': 'error',
    'no-console': 'error',
    'no-eval': 'error',
    eqeqeq: 'error',
    'no-restricted-globals': ['error', { name: 'fetch', message: HTTP_CLIENT_BAN.message }],

    // of the category, against our habits: methods of interfaces are plain functions, and we look for control characters
    'typescript/unbound-method': 'off',
    'no-control-regex': 'off',
  },
  overrides: [
    ...ROOMS.map((room) => ({ files: [`**/src/${room}/**`], rules: imports({ bans: roomBans(room) }) })),
    { files: ['**/src/contracts/settings*.*'], rules: imports({ bans: without(roomBans('contracts'), ZOD_BAN) }) },
    { files: ['**/src/activities/mail*.*'], rules: imports({ bans: without(roomBans('activities'), NODEMAILER_BAN) }) },
    {
      files: ['**/src/activities/outbound-http.*', '**/src/activities/guarded-connector.*'],
      rules: { ...imports({ bans: without(roomBans('activities'), ...HTTP_BANS), names: [] }), 'no-restricted-globals': 'off' },
    },
    // an embedded server is asked whether it is up before there is a pool
    { files: ['**/src/runtime/postgres-*.*'], rules: imports({ bans: without(roomBans('runtime'), PG_BAN) }) },
    // fetching the Temporal CLI is the operator's own traffic: no payload chooses its address
    { files: ['**/src/runtime/fetch-*.*'], rules: imports({ bans: without(roomBans('runtime'), ...HTTP_BANS) }) },
    // signatures are compared by one helper
    {
      files: ['**/src/providers/**'],
      rules: {
        ...imports({ bans: roomBans('providers'), names: [HTTP_CLIENT_BAN, DIGEST_BAN] }),
        'no-restricted-properties': ['error', ...['equals', 'compare'].map((property) => ({ property, message: DIGEST_BAN.message }))],
      },
    },
    { files: ['**/src/providers/_hmac.*'], rules: imports({ bans: roomBans('providers') }) },
    // the command line has a screen, an environment, and talks to the operator's own servers
    {
      files: ['**/src/cli/**'],
      rules: {
        ...imports({ bans: without(roomBans('cli'), ...HTTP_BANS), names: [] }),
        'no-console': 'off',
        'node/no-process-env': 'off',
        'no-restricted-globals': 'off',
      },
    },
    { files: ['**/src/runtime/load-settings.*', '**/src/runtime/find-temporal-cli.*'], rules: { 'node/no-process-env': 'off' } },
    { files: ['**/src/**/*.gen.*'], rules: { 'max-lines': 'off' } },
    {
      files: ['bench/**', 'scripts/**', 'test/**', '*.config.ts'],
      excludeFiles: ['test/lint-fixtures/**'],
      rules: { 'no-console': 'off', 'node/no-process-env': 'off', 'no-restricted-globals': 'off' },
    },
    {
      files: ['**/*.test.*', '**/*.test-d.*', '**/test/suites/**'],
      rules: {
        'vitest/no-focused-tests': 'error',
        'vitest/no-disabled-tests': 'error',
        'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'fc.assert'] }],
        'vitest/require-to-throw-message': 'off',
        'vitest/no-conditional-expect': 'off', // tables of cases expect this or that
        'typescript/no-unsafe-assignment': 'off', // `expect.any(…)` is `any`
      },
    },
    // type tests are wrong on purpose, below a `@ts-expect-error` that is their assertion
    {
      files: ['**/*.test-d.*'],
      rules: { 'vitest/expect-expect': 'off', 'typescript/no-unsafe-call': 'off', 'typescript/no-unsafe-member-access': 'off' },
    },
  ],
};

interface Imports {
  readonly bans: readonly ImportBan[];
  /** @default the client's half of `node:http` */
  readonly names?: readonly NameBan[];
}

/** An override replaces a rule whole, so each one names everything that its files may not import. */
function imports({ bans, names = [HTTP_CLIENT_BAN] }: Imports): OxlintConfig['rules'] & {} {
  return { 'no-restricted-imports': ['error', { paths: [...names], patterns: [...bans] }] };
}

function without(bans: readonly ImportBan[], ...allowed: readonly ImportBan[]): readonly ImportBan[] {
  return bans.filter((ban) => !allowed.includes(ban));
}

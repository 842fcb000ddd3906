import { expectTypeOf, test } from 'vitest';
import type { SettingPath, Settings } from '../../src/contracts/settings.ts';

test('a setting with a default is always there, one without may be missing', () => {
  expectTypeOf<Settings['ingress']['port']>().toEqualTypeOf<number>();
  expectTypeOf<Settings['log']['level']>().toEqualTypeOf<'debug' | 'info' | 'warn' | 'error'>();
  expectTypeOf<Settings['database']['url']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Settings['http']['allow']>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<Settings['data']>().toEqualTypeOf<string>();
});

test('sources are a record by name', () => {
  expectTypeOf<Settings['sources'][string]['secrets']>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<Settings['sources'][string]['provider']>().toEqualTypeOf<string>();
});

test('a misspelt setting does not compile', () => {
  expectTypeOf<Settings['ingress']>().not.toHaveProperty('prot');
  expectTypeOf<'ingress.prot'>().not.toExtend<SettingPath>();
});

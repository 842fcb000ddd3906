/** What the programs of PostgreSQL see of our environment: no PG* variables, no locale, no secrets of sources. */
export function postgresEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

import type { Pool } from 'pg'; // bad: no-restricted-imports

export type Database = Pool;

import { pathToFileURL } from 'node:url';
import { migrate } from '../../../src/store/migrate.ts';
import { createPool } from '../../../src/store/pool.ts';
import { silentLog } from '../silent-log.ts';

// A process that migrates, so that a test can kill it: node migrate-process.ts <database url> <folder> <application name>
const [, , url = '', folder = '', applicationName = ''] = process.argv;
const pool = createPool({ url, max: 1, applicationName, log: silentLog });
await migrate({ pool, log: silentLog, folder: pathToFileURL(`${folder}/`) });
await pool.close();

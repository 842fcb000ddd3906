import { readFile } from 'node:fs/promises'; // bad: no-restricted-imports
import { z } from 'zod'; // bad: no-restricted-imports
import { record } from '../../activities/agents/analytics.mts'; // bad: no-restricted-imports
import { find } from '../../store/events.mts'; // bad: no-restricted-imports
import { uuidV7 } from '../../contracts/ids.mts'; // bad: no-restricted-imports
import { settingsTable } from '../../contracts/settings-table.mts'; // bad: no-restricted-imports
import { Client } from '@temporalio/client'; // bad: no-restricted-imports
import { Pool } from 'pg'; // bad: no-restricted-imports

export const all: readonly unknown[] = [readFile, z, record, find, uuidV7, settingsTable, Client, Pool];

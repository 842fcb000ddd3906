import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonValue } from '../contracts/json.ts';
import type { Log } from '../contracts/names.ts';
import { html, type Html } from './mail-catcher/html.ts';
import { openLineFile } from './mail-catcher/line-file.ts';

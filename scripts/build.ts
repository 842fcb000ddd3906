import { relative } from 'node:path';
import type { Log } from '../src/contracts/names.ts';
import { prebuildChains } from '../src/runtime/bundle-chains.ts';

// Sources run as they are; only the chains are built: a worker that finds the bundle starts without bundling.

const report = (fields: object, message: string): void => console.error(message, JSON.stringify(fields));
const log: Log = { debug: () => undefined, info: () => undefined, warn: report, error: report };

const { file, bytes } = await prebuildChains({ log });
console.log(`${relative(process.cwd(), file)}: ${(bytes / 1024 ** 2).toFixed(1)} MiB`);

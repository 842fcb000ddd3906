import type { Pool } from 'pg';
import type { ErrorCode } from '../contracts/errors.mts';
import type { Provider } from '../providers/define-provider.mts';

export type Seen = [Pool, ErrorCode, Provider];

import { proxyActivities } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';
import type { record } from '../activities/agents/analytics.mts';
import type { Settings } from '../contracts/settings.mts';
import { errorTable } from '../contracts/error-table.mts';

export type Seen = [z.ZodType, typeof record, Settings];
export const used: readonly unknown[] = [proxyActivities, ApplicationFailure, errorTable];

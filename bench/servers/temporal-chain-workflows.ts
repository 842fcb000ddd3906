import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { first, second, third } = proxyActivities<Steps>({ startToCloseTimeout: '1 minute' });

/** What a quickstart of Temporal has: one activity after the other. */
export async function push(): Promise<void> {
  const { workflowId } = workflowInfo();
  await first(workflowId);
  await second(workflowId);
  await third(workflowId);
}

/** Nothing at all. */
export async function nothing(): Promise<void> {}

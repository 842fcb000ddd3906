/** The page of a run in the Temporal UI; the newest run of its workflow id where none is named. Null where nobody knows the UI. */
export function toTemporalLink({
  uiUrl,
  namespace,
  workflowId,
  runId,
}: {
  readonly uiUrl: string | null;
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId?: string | null;
}): string | null {
  if (uiUrl === null) return null;
  const run = runId === undefined || runId === null ? '' : `/${encodeURIComponent(runId)}/history`;
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}${run}`;
}

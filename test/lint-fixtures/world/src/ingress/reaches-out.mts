export function reachOut(same: number): unknown {
  console.log('hello'); // bad: no-console
  eval('1'); // bad: no-eval
  if (same == 1) return undefined; // bad: eqeqeq
  return process.env['HOME']; // bad: node/no-process-env
}

/** The entry of the workflow bundle: one default workflow for all chains. */
export { default } from './run-chain.ts';

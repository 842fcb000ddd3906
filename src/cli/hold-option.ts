/** The option of every command that starts something. */
export const HOLD_OPTION = ['--hold', 'hold everything first: nothing is routed, started or performed until it is released'] as const;

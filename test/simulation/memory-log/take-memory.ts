import type { ServerState } from './server-state.ts';

/** Called before every command that Redis refuses at maxmemory. */
export const takeMemory = ({ refusal }: ServerState): void => {
  if (refusal !== undefined) throw new Error(refusal);
};

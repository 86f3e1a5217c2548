import type { RehearseOptions } from '../../../src/cli/rehearse/plan.ts';

/** As the command line gives them to a rehearsal on this machine, unless it is said otherwise. */
export const rehearseOptions = (changes: Partial<RehearseOptions> = {}): RehearseOptions => ({
  url: new URL('http://127.0.0.1:3000'),
  customers: 1_000,
  rate: 100,
  minutes: 1,
  token: undefined,
  yes: false,
  json: false,
  ...changes,
});

import type { RehearseOptions } from '../../../src/cli/rehearse/plan.ts';

/** The options of a rehearsal on this machine as the command line passes them, except for the changes. */
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

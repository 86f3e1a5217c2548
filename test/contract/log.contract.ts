import type { Suite } from '../support/suite.ts';
import { appendingContract } from './log-appending.contract.ts';
import { claimsContract } from './log-claims.contract.ts';
import { followingContract } from './log-following.contract.ts';
import { keysContract } from './log-keys.contract.ts';
import { lateEntriesContract } from './log-late-entries.contract.ts';
import { liftingContract } from './log-lifting.contract.ts';
import { readingContract } from './log-reading.contract.ts';
import { tellingContract } from './log-telling.contract.ts';
import { watchingContract } from './log-watching.contract.ts';
import type { LogTest, LogWorld } from './log-world.ts';

/** The promises of src/log/contract.ts; every implementation runs them, each on a new world. */
export const logContract = (suite: Suite, newWorld: () => Promise<LogWorld>): void => {
  const test: LogTest = (promise, body) =>
    suite(promise, async () => {
      const world = await newWorld();
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });
  for (const part of [
    appendingContract,
    readingContract,
    liftingContract,
    lateEntriesContract,
    tellingContract,
    watchingContract,
    followingContract,
    keysContract,
    claimsContract,
  ])
    part(test);
};

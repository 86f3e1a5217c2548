import fc from 'fast-check';
import { movedPools } from '../../../src/domain/feed/state-after.ts';
import { deltasOf } from '../../../src/domain/ledger.ts';
import { decided, entry } from '../../projector/batch-of.ts';
import { newReplay, replayEntry } from '../../support/replay.ts';
import { assert, suite } from '../../support/suite.ts';
import { sale } from '../generate.ts';

const test = suite('the state after a decision');

test('the numbers of the pools that any decision moved are those of a replay, whatever the sale', () => {
  fc.assert(
    fc.property(sale, (it) => {
      const all = [it.opening, ...it.requests].map((each, n) => entry(n + 1, each));
      const { journal } = decided(all, { ledgers: new Map() });
      const moved = movedPools(journal);
      const replay = newReplay();
      for (const [at, made] of journal.entries()) {
        replayEntry(replay, made);
        const expected = deltasOf(made.decision).map(({ showId, poolId: pool }) => {
          const now = replay.ledgers.get(showId)?.pools.find(({ id }) => id === pool);
          return now && [now.id, now.held, now.confirmed, now.capacity];
        });
        if (made.decision.type !== 'ShowOpened') assert.equal(moved[at], expected);
      }
    }),
  );
});

import { assert } from '../support/suite.ts';
import { type LogTest, type LogWorld, partition } from './log-world.ts';

const leaseToken = 'ours';
const claim = (n: number) => ({ epoch: n, token: n.toString(16).padStart(32, '0') });

/** A take-over, of which the log needs only the claims in the database. */
const takeOver = async (
  { log }: LogWorld,
  before: number | undefined,
  next: number,
): Promise<Awaited<ReturnType<LogWorld['log']['compareClaim']>>> =>
  await log.compareClaim({
    partition,
    leaseToken,
    before: before === undefined ? undefined : claim(before).token,
    next: claim(next),
  });

export const claimsContract = (test: LogTest): void => {
  test('take-overs in one database go on from one another', async (world) => {
    await world.setLease(partition, leaseToken);
    assert.is(await takeOver(world, undefined, 1), 'same');
    await world.log.noteClaim({ partition, leaseToken, claim: claim(1) });
    assert.is(await takeOver(world, 1, 2), 'same');
    assert.is(await takeOver(world, 2, 3), 'same', 'before the second was noted');
  });

  test('a take-over that was compared and never committed does not stand in the way of the next', async (world) => {
    await world.setLease(partition, leaseToken);
    await takeOver(world, undefined, 1);
    assert.is(await takeOver(world, 1, 2), 'same');
    assert.is(await takeOver(world, 1, 3), 'same');
    assert.is(await takeOver(world, 3, 4), 'same');
  });

  test('a copy of the database is told from the original once that was claimed anew', async (world) => {
    await world.setLease(partition, leaseToken);
    await takeOver(world, undefined, 1);
    assert.is(await takeOver(world, 1, 2), 'same');
    await world.log.noteClaim({ partition, leaseToken, claim: claim(2) });
    assert.is(await takeOver(world, 1, 3), 'another', 'the copy stands where the original stood');
    assert.is(await takeOver(world, undefined, 3), 'another', 'a fresh one');
    assert.is(await takeOver(world, 2, 3), 'same', 'the original is not disturbed');
  });

  test('only the holder of the lease compares and notes', async (world) => {
    await world.setLease(partition, leaseToken);
    await takeOver(world, undefined, 1);
    await world.log.noteClaim({ partition, leaseToken, claim: claim(1) });
    await world.setLease(partition, 'of a successor');
    assert.is(await takeOver(world, 1, 2), 'lease-lost');
    await world.log.noteClaim({ partition, leaseToken, claim: claim(9) });
    await world.setLease(partition, leaseToken);
    assert.is(await takeOver(world, 1, 2), 'same');
  });

  test('owners at work are seen with the last call of the roll they found', async (world) => {
    assert.equal(await world.liveClaims(8), []);
    await world.setLease(partition, leaseToken);
    assert.equal(await world.liveClaims(8), [], 'one that notes nothing');
    await takeOver(world, undefined, 1);
    assert.equal(await world.liveClaims(8), [{ partition }]);
    await world.log.noteClaim({ partition, leaseToken, claim: claim(1), roll: 'here' });
    assert.equal(await world.liveClaims(8), [{ partition, roll: 'here' }]);
  });
};

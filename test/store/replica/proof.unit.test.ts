import { newStreamId } from '../../../src/domain/stream-id.ts';
import type { Standings } from '../../../src/store/pair/standings.ts';
import { newReplicaProof } from '../../../src/store/replica/proof.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('how new a replica is, by positions alone');

const pairId = 'a'.repeat(32);
const keptMs = 1_000;

/** The positions of partitions 0, 1, …. The watermark of each has the same number as its position. */
const at = (positions: readonly number[], changes: Partial<Standings> = {}): Standings => ({
  home: 'db-1',
  pairId,
  progress: positions.map((position, partition) => ({
    partition,
    position,
    watermark: newStreamId(position, 0),
  })),
  ...changes,
});

const replicaAt = (positions: readonly number[], changes: Partial<Standings> = {}): Standings =>
  at(positions, { home: 'db-2', ...changes });

test('it has what the primary had when the latest look began whose positions it has, in every partition', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10, 20]), askedAtMs: 0 });
  proof.addPrimary({ ...at([11, 20]), askedAtMs: 100 });
  proof.addPrimary({ ...at([12, 21]), askedAtMs: 200 });
  assert.equal(proof.judgeReplica(replicaAt([11, 20])), { type: 'proven', asOfMs: 100 });
  assert.equal(proof.judgeReplica(replicaAt([12, 20])), { type: 'proven', asOfMs: 100 });
  assert.equal(proof.judgeReplica(replicaAt([12, 21])), { type: 'proven', asOfMs: 200 });
});

test('one partition that is behind is enough, and one that is missing is at its beginning', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10, 20]), askedAtMs: 0 });
  assert.equal(proof.judgeReplica(replicaAt([10, 19])), { type: 'lagging' });
  assert.equal(proof.judgeReplica(replicaAt([10])), { type: 'lagging' });
  const fresh = newReplicaProof(keptMs);
  fresh.addPrimary({ ...at([10, 0]), askedAtMs: 0 });
  assert.equal(fresh.judgeReplica(replicaAt([10])), { type: 'proven', asOfMs: 0 });
});

test('a look that is too old proves nothing, and nothing is proven without a look', () => {
  const proof = newReplicaProof(keptMs);
  assert.equal(proof.judgeReplica(replicaAt([10])), { type: 'lagging' });
  proof.addPrimary({ ...at([10]), askedAtMs: 0 });
  proof.addPrimary({ ...at([11]), askedAtMs: keptMs + 1 });
  assert.equal(proof.judgeReplica(replicaAt([10])), { type: 'lagging' });
});

test('an idle system is not taken for a late replica', () => {
  const proof = newReplicaProof(keptMs);
  for (const askedAtMs of [0, 60_000, 3_600_000]) {
    proof.addPrimary({ ...at([10]), askedAtMs });
    assert.equal(proof.judgeReplica(replicaAt([10])), { type: 'proven', asOfMs: askedAtMs });
  }
});

test('what a primary said is forgotten when the name leads to another', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10]), askedAtMs: 0 });
  proof.addPrimary({ ...at([12], { home: 'db-3' }), askedAtMs: 100 });
  assert.equal(proof.judgeReplica(replicaAt([11])), { type: 'lagging' });
});

test('a database of another pair, or of none, is a stranger however far it is', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10]), askedAtMs: 0 });
  const other = replicaAt([10], { pairId: 'b'.repeat(32) });
  assert.equal(proof.judgeReplica(other), { type: 'stranger', why: 'other-pair' });
  const none: Standings = { home: 'db-2', pairId: undefined, progress: [] };
  assert.equal(proof.judgeReplica(none), { type: 'stranger', why: 'no-pair' });
});

test('the same position with another end is another history', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10]), askedAtMs: 0 });
  const progress = [{ partition: 0, position: 10, watermark: newStreamId(10, 1) }];
  assert.equal(proof.judgeReplica(replicaAt([], { progress })), { type: 'stranger', why: 'other-history' });
});

test('one that is ahead of a primary that was asked later is a stranger, and not when the primary has caught up', () => {
  const proof = newReplicaProof(keptMs);
  proof.addPrimary({ ...at([10]), askedAtMs: 0 });
  // This was committed between the two samples.
  assert.equal(proof.judgeReplica(replicaAt([11])), { type: 'proven', asOfMs: 0 });
  proof.addPrimary({ ...at([10]), askedAtMs: 100 });
  assert.equal(proof.judgeReplica(replicaAt([11])), { type: 'stranger', why: 'ahead' });
  proof.addPrimary({ ...at([11]), askedAtMs: 200 });
  assert.equal(proof.judgeReplica(replicaAt([11])), { type: 'proven', asOfMs: 200 });
});

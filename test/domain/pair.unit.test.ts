import { judgePair, movedMark, type PairHalves, type PairVerdict } from '../../src/domain/pair.ts';
import { beforeAll, newStreamId } from '../../src/domain/stream-id.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a pair of a Redis and a database');

const ours = 'a'.repeat(32);
const theirs = 'b'.repeat(32);
const nowMs = 1_000_000_000;
const id = (ms: number) => newStreamId(ms, 0);

const untouched = { partition: 0, position: 0, watermark: beforeAll, lastId: beforeAll };
const decided = { partition: 1, position: 7, watermark: id(nowMs) };
const lost = { ...decided, lastId: beforeAll };
const kept = { ...decided, lastId: id(nowMs), firstId: id(nowMs - 10), atWatermark: 'decided' } as const;
const trimmed = { ...decided, lastId: id(nowMs + 5) };
const strange = { ...kept, atWatermark: 'unknown' } as const;
const wentBack = { ...decided, lastId: id(nowMs - 1), firstId: id(nowMs - 10) };
const waiting = { ...untouched, lastId: id(nowMs), firstId: id(nowMs) };
const since = { ...decided, lastId: id(nowMs + 1), firstId: id(nowMs + 1) };
const justOld = { ...wentBack, firstId: id(nowMs - 60_000) };
const older = { ...wentBack, firstId: id(nowMs - 3_600_000) };

const write = (why: Extract<PairVerdict, { type: 'write' }>['why']): PairVerdict => ({ type: 'write', why });
const refuse = (why: Extract<PairVerdict, { type: 'refuse' }>['why']): PairVerdict => ({
  type: 'refuse',
  why,
});
const notOurs: PairVerdict = { type: 'refuse', why: 'not-ours', partitions: [1] };

const rows: readonly [what: string, halves: Omit<PairHalves, 'mysqlId'>, verdict: PairVerdict][] = [
  ['equal ids', { redisId: ours, partitions: [] }, { type: 'equal' }],
  ['different ids', { redisId: theirs, partitions: [] }, refuse('different')],
  ['a Redis that its pair has left', { redisId: movedMark(ours), partitions: [] }, refuse('moved')],
  ['both fresh', { partitions: [untouched] }, write('fresh')],
  [
    'fresh, with a stream that has no entry yet',
    { partitions: [{ ...untouched, lastId: id(1) }] },
    write('fresh'),
  ],
  [
    'a database that decided something',
    { partitions: [{ ...untouched, position: 3 }] },
    refuse('redis-empty'),
  ],
  ['requests, and a database that never decided', { partitions: [waiting] }, refuse('mysql-fresh')],
  ['our streams without an id', { partitions: [untouched, kept] }, write('upgrade')],
  ['our streams, trimmed', { partitions: [trimmed] }, write('upgrade')],
  ['streams with a request of another journal', { partitions: [strange] }, notOurs],
  ['a stream that ends before the watermark', { partitions: [kept, { ...wentBack, partition: 1 }] }, notOurs],
  ['an empty Redis, at a start', { partitions: [untouched, lost] }, refuse('redis-empty')],
  [
    'an empty Redis, under a process that saw the id',
    { partitions: [lost], seenAtMs: nowMs },
    write('written-back'),
  ],
  ['only what came since the id was seen', { partitions: [since], seenAtMs: nowMs }, write('written-back')],
  [
    'a stream that is as old as clocks may differ',
    { partitions: [justOld], seenAtMs: nowMs },
    write('written-back'),
  ],
  ['a stream that is older than the last look at the id', { partitions: [older], seenAtMs: nowMs }, notOurs],
];

for (const [what, halves, verdict] of rows)
  test(`${what}: ${verdict.type}`, () => {
    assert.equal(judgePair({ ...halves, mysqlId: ours }), verdict);
  });

test('a database that was never migrated by a version that knows pairs is refused, whatever Redis has', () => {
  for (const redisId of [undefined, theirs])
    assert.equal(judgePair({ redisId, partitions: [] }), refuse('unmigrated'));
});

import fc from 'fast-check';
import { encodeCursor, type FeedCursor, parseCursor } from '../../../src/http/message/feed-cursor.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the cursor of the feed');

const hex8 = fc.stringMatching(/^[0-9a-f]{8}$/);
const cursor: fc.Arbitrary<FeedCursor> = fc
  .record({
    pair: hex8,
    seen: fc.uniqueArray(
      fc.tuple(
        fc.nat(4_095),
        fc.record(
          { position: fc.integer({ min: 1, max: 2 ** 48 - 1 }), digest: hex8 },
          { noNullPrototype: true },
        ),
      ),
      { selector: ([partition]) => partition, maxLength: 256 },
    ),
  })
  .map(({ pair, seen }) => ({ pair, seen: new Map(seen) }));

test('what is encoded can be read again, in whatever order the partitions were put in', () => {
  fc.assert(
    fc.property(cursor, (it) => {
      const read = parseCursor(encodeCursor(it));
      const byPartition = (map: FeedCursor['seen']) => [...map].toSorted(([a], [b]) => a - b);
      assert.is(read?.pair, it.pair);
      assert.equal(byPartition(read?.seen ?? new Map()), byPartition(it.seen));
    }),
  );
});

test('a cursor of 256 partitions fits a request line', () => {
  const seen = new Map(
    Array.from({ length: 256 }, (_, n) => [n, { position: 2 ** 48 - 1, digest: 'ffffffff' }]),
  );
  assert.ok(encodeCursor({ pair: 'ffffffff', seen }).length < 4_200);
});

test('what was not written here is no cursor', () => {
  const good = encodeCursor({ pair: '01234567', seen: new Map([[3, { position: 9, digest: 'abcdef01' }]]) });
  const bytes = Buffer.from(good, 'base64url');
  const twice = Buffer.concat([bytes, bytes.subarray(5)]);
  const newer = Buffer.from(bytes);
  newer.writeUInt8(2, 0);
  const bad = ['', 'now', '%', `${good}A`, good.slice(0, -2), `${good}=`, twice, newer].map((one) =>
    typeof one === 'string' ? one : one.toString('base64url'),
  );
  for (const text of bad) assert.is(parseCursor(text), undefined, text);
  assert.ok(parseCursor(good));
});

import type { ReservationId } from '../../../src/domain/ids.ts';
import type { RebuildResult } from '../../../src/store/rebuild/rebuild-tables.ts';
import { assert, suite } from '../../support/suite.ts';
import { openRebuildWorld, type RebuildWorld, readTables } from '../rebuild-world.ts';
import { confirmed, keyOf, lineOf, newId, newOwner, opening } from '../story.ts';

const test = suite('store: rebuilding the tables from the journal', { timeoutMs: 40_000 });

let world: RebuildWorld;
test.before.each(async () => {
  world = await openRebuildWorld();
});
test.after.each(() => world.close());

test('rebuilt tables are the live ones byte for byte, pending rows, keys, indexes and checks included', async () => {
  const before = await world.dump();
  const rebuilt = await world.rebuild();
  assert.equal([rebuilt.switched, rebuilt.differences.count, rebuilt.decisions], [true, 0, 37]);
  assert.equal(await world.dump(), before);
  assert.equal((await world.rows("SELECT 1 FROM reservations WHERE status = 'pending'")).length, 1);
  assert.equal(await world.leftOver(), []);
});

const whatsOf = ({ differences }: RebuildResult): readonly string[] =>
  differences.named.map(({ table, what }) => `${table} ${what}`).toSorted();

const damaged = [
  'holds left over',
  'holds missing',
  'pools different',
  'request_keys different',
  'reservation_decisions different',
  'reservations different',
  'reservations missing',
  'shows different',
];

test('a dry run names what a hand has damaged, each by its table, and changes nothing', async () => {
  assert.equal((await world.rebuild({ dryRun: true })).differences, { count: 0, named: [] });
  await world.damage();
  const before = await world.dump();
  const rebuilt = await world.rebuild({ dryRun: true });
  assert.equal([rebuilt.switched, rebuilt.differences.count], [false, 8]);
  const whats = whatsOf(rebuilt);
  // The row may have been the only later decision of its reservation; its key is missing then.
  assert.equal(
    whats.map((what) => what.replace('reservation_decisions missing', 'reservation_decisions different')),
    damaged,
  );
  assert.match(
    rebuilt.differences.named.map(({ key }) => key).join(' '),
    'abababab-abab-abab-abab-abababababab',
  );
  assert.equal(await world.dump(), before);
  assert.equal(await world.leftOver(), []);
});

test('damaged tables are made right, and their owner is fenced so that it forgets what it read there', async () => {
  const { owner, show } = world;
  const before = await world.dump();
  await world.damage();
  assert.is((await world.rebuild()).differences.count, 8);
  assert.equal(await world.dump(), before);
  assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'fenced' });
});

test('where nothing was wrong the owner goes on, on the new tables', async () => {
  const { owner, show } = world;
  const before = await world.taken();
  await world.rebuild();
  assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
  assert.is(await world.taken(), before + 1);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

test('thousands of decisions are replayed and compared in pages, one damaged row among them found', async () => {
  const { owner, show } = world;
  const big = newId(1);
  await owner.commit([opening(big, { hall: 100_000 })]);
  const one = (): ReturnType<typeof confirmed> => confirmed(big, [lineOf('hall', 2)]);
  for (let n = 0; n < 3; n += 1) await owner.commit(Array.from({ length: 2_000 }, one));
  const last: ReservationId = newId(1);
  await owner.commit([confirmed(show, [lineOf('a', 1)], { id: last })]);
  const before = await world.dump();
  await world.sql.query('UPDATE reservations SET requested_seq = 5 WHERE id = UNHEX(?)', [
    last.replaceAll('-', ''),
  ]);
  const { decisions, differences } = await world.rebuild();
  assert.is(decisions, 37 + 1 + 6_000 + 1);
  assert.equal(differences, {
    count: 1,
    named: [{ table: 'reservations', key: last, what: 'different' }],
  });
  assert.equal(await world.dump(), before);
});

test('a key that came free and went to another request, in another partition, stays with that one', async () => {
  await world.sql.query('UPDATE partitions SET position = 90000000 WHERE id = 2');
  const later = await newOwner(world.store.partitionStore, 2);
  const show = newId(2);
  await later.commit([opening(show, { a: 9 })]);
  const again = { decision: confirmed(show, [lineOf('a', 1)]), key: keyOf('k1') };
  assert.equal(await later.commit([again]), { type: 'committed' });
  assert.is((await world.rebuild()).differences.count, 0);
  assert.equal((await world.rows('SELECT 1 FROM request_keys')).length, 1);
  assert.equal(await later.commit([{ ...again, decision: confirmed(show, [lineOf('a', 1)]) }]), {
    type: 'duplicate',
  });
});

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

test('of two at once the second says so and leaves the first alone', async () => {
  let second = '';
  const first = await world.rebuild({
    report: async ({ type }) => {
      if (type === 'compared') second = await messageOf(world.rebuild());
    },
  });
  assert.match(second, 'another process is rebuilding');
  assert.ok(first.switched);
  assert.equal(await world.leftOver(), []);
});

test('what a killed rebuild left behind is dropped, and the former tables stay when asked', async () => {
  await world.sql.query('CREATE TABLE shows_rebuild (n INT)');
  await world.sql.query('CREATE TABLE pools_before (n INT)');
  const { kept } = await world.rebuild({ keep: true });
  assert.is(kept.length, readTables.length);
  assert.equal(await world.leftOver(), kept.toSorted());
  await world.rebuild();
  assert.ok(kept.every((name) => name.includes('_kept_')));
  assert.equal((await world.rows(`SELECT 1 FROM ${kept[0]}`)).length, 1);
});

test('a journal that lacks a decision others build on is named, and the tables stay as they are', async () => {
  const before = await world.dump();
  await world.sql.query("DELETE FROM journal WHERE type = 'ReservationHeld' ORDER BY position LIMIT 1");
  assert.match(
    await messageOf(world.rebuild()),
    /the journal of partition 1 cannot be replayed after position 0: .* reservations are to change/,
  );
  assert.equal(await world.dump(), before);
  assert.equal(await world.leftOver(), []);
});

test('a schema that is newer than this version is not rebuilt: what it added would be lost', async () => {
  await world.sql.query(
    "INSERT INTO migrations (file, statement, checksum, done) VALUES ('9999_later.sql', 1, UNHEX(REPEAT('00', 32)), TRUE)",
  );
  assert.match(await messageOf(world.rebuild()), '9999_later.sql, which this version does not know');
});

import { assert, suite } from '../support/suite.ts';
import { newWrites } from './writes.ts';

const test = suite('what strace tells of an append-only file');

const file = '8</data/appendonlydir/appendonly.aof.1.incr.aof>';

const told = (...lines: readonly string[]) => {
  const writes = newWrites();
  for (const [atMs, line] of lines.entries()) writes.take(line, atMs);
  return writes;
};

test('what was written since the last fsync began is what a power loss takes', () => {
  const writes = told(
    'strace: Process 1 attached with 5 threads',
    `[pid  1] write(${file}, ""..., 100) = 100`,
    `[pid  4] fdatasync(${file} <unfinished ...>`,
    `[pid  1] write(${file}, ""..., 20) = 20`,
    '[pid  4] <... fdatasync resumed>)    = 0',
    `[pid  1] write(${file}, ""..., 3 <unfinished ...>`,
    '[pid  1] <... write resumed>)        = 3',
  );
  assert.is(writes.unsyncedBytes(), 23);
  assert.equal([writes.syncs(), writes.lastSyncMs()], [1, 4]);
});

test('an fsync that failed or has not ended covers nothing', () => {
  const written = `[pid  1] write(${file}, ""..., 100) = 100`;
  assert.is(told(written, `[pid  1] fdatasync(${file}) = -1 EIO (Input/output error)`).unsyncedBytes(), 100);
  assert.is(told(written, `[pid  4] fdatasync(${file} <unfinished ...>`).unsyncedBytes(), 100);
});

test('a reply between a write and its fsync comes too early; other files say nothing', () => {
  const reply = '[pid  1] write(12<socket:[77]>, ""..., 5) = 5';
  const write = `[pid  1] write(${file}, ""..., 100) = 100`;
  const sync = `[pid  1] fdatasync(${file}) = 0`;
  const good = told(write, sync, reply, '[pid  1] write(1</dev/null>, ""..., 62) = 62', write, sync, reply);
  assert.equal([good.replies(), good.repliesBeforeSync()], [2, 0]);
  const bad = told(write, reply, sync);
  assert.equal([bad.replies(), bad.repliesBeforeSync()], [1, 1]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../support/suite.ts';

const test = suite('statements that are kept as SQL');

/** Reads go through queries.ts, typed by the schema. A statement stays SQL for one of these reasons only. */
const reasons: Readonly<Record<string, { readonly why: string; readonly names: string }>> = {
  fence: {
    why: 'whether a batch may be committed is read off its text, by people and by the simulation',
    names:
      'advance-partitions claim-partition find-parked-of-partition find-standing-claims lock-partition raise-claims',
  },
  write: {
    why: 'it changes rows, a batch of them in one statement',
    names: `add-pools call-roll change-pools change-reservations change-setting change-shows create-partitions delete-holds
      delete-old-request-keys delete-redriven-reservations dismiss-parked extend-holds insert-holds insert-journal insert-parked
      insert-pools insert-request-keys insert-reservation-decisions insert-reservations insert-setting insert-shows
      mark-parked-sending mark-request-redriven mark-request-sending move-pools purge-request-keys reach-targets shrink-pools
      write-setting`,
  },
  lock: {
    why: 'it takes a lock: of a row, or by a name',
    names: 'lock-setting take-migration-lock take-redrive-lock',
  },
  'hot read': {
    why: 'a request or a batch waits for it: one statement that never changes, and no object more than it takes',
    names:
      'find-known-requests find-latest-clock find-ledgers find-request-keys find-reservations sum-customer-totals',
  },
  JSON_TABLE: {
    why: 'any number of ids in one prepared statement, which the library cannot say',
    names: `count-attempts find-decisions-of-requests find-holds find-later-decisions find-parked-requests find-seen find-settled-requests`,
  },
  'small rows': {
    why: 'decoding by the library was more than a twentieth of all it takes to read its rows: by name they are a fifth faster',
    names: 'list-ledgers-of-partition list-parked-keys list-shows',
  },
  'plan hint': {
    why: 'it joins in an order of its own, or its plan is the point of it',
    names: 'find-due-holds sum-places',
  },
  migration: {
    why: 'its table is there before the schema is',
    names: 'begin-migration create-migrations end-migration list-migrations',
  },
  rebuild: {
    why: 'its tables have names that are filled in',
    names: `connection delete-pending fence-partitions find-bound find-differences
      find-table find-waiting list-journal list-keys list-pending
      list-positions lock-partitions sum-rows`,
  },
  server: {
    why: 'it asks the server about itself, or what its user may, and no table about its rows',
    names:
      'find-cluster find-read-only find-readable find-server find-server-now find-threads inspect-server',
  },
};

const store = fileURLToPath(new URL('../../src/store/', import.meta.url));
const files = readdirSync(store, { recursive: true, encoding: 'utf8' });
const kept = new Map(
  files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => [basename(file, '.sql'), readFileSync(join(store, file), 'utf8')]),
);
const textOf = (name: string): string => (kept.get(name) ?? '').replaceAll(/^--.*\n/gm, '');
const namesOf = (reason: string): readonly string[] => reasons[reason]?.names.split(/\s+/) ?? [];

test('each has a reason, and each reason its statements', () => {
  const listed = Object.keys(reasons).flatMap(namesOf);
  assert.equal(listed.toSorted(), [...kept.keys()].toSorted());
});

test('the reasons are true', () => {
  const isTrue: readonly (readonly [reason: string, text: RegExp])[] = [
    ['write', /^(?:INSERT|UPDATE|DELETE)\b/],
    ['lock', /FOR UPDATE|GET_LOCK/],
    ['JSON_TABLE', /\bJSON_TABLE\(/],
    ['plan hint', /FORCE INDEX|STRAIGHT_JOIN/],
    ['migration', /\bmigrations\b/],
  ];
  for (const [reason, text] of isTrue)
    for (const name of namesOf(reason)) assert.match(textOf(name), text, `${name} is no ${reason}`);
});

test('each is used', () => {
  const sources = files.filter((file) => file.endsWith('.ts'));
  const code = sources.map((file) => readFileSync(join(store, file), 'utf8')).join('\n');
  for (const name of kept.keys()) assert.ok(code.includes(`/${name}')`), name);
});

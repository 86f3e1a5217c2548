import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, type Room, rooms, subRoomsOf } from '../../infra/lint/rooms.ts';
import { importRules } from '../../infra/lint/write-import-rules.ts';
import { assert, suite } from '../support/suite.ts';
import { type Finding, lintFiles, root } from './lint-files.ts';

const test = suite('house: sub-rooms import the floors below them');

interface SubRoom {
  readonly name: string;
  readonly room: Room;
  readonly subRoom: string;
}

const subRooms: readonly SubRoom[] = Object.entries(rooms).flatMap(([name, room]) =>
  subRoomsOf(room).map((subRoom) => ({ name, room, subRoom })),
);

/** Imports that a file of a sub-room might contain, and whether they are allowed. */
const requestsOf = ({ name, room, subRoom }: SubRoom): readonly (readonly [string, boolean])[] => {
  const lower = below(room, subRoom);
  const siblings = subRoomsOf(room).filter((other) => other !== subRoom);
  return [
    ['./neighbour.ts', true],
    ...siblings.map((other) => [`../${other}/other.ts`, lower.includes(other)] as const),
    ...siblings.map((other) => [`./../${other}/other.ts`, false] as const),
    ...siblings.map((other) => [`../${lower[0] ?? other}/../${other}/other.ts`, false] as const),
    ...(room.ground ?? []).map((file) => [`../${file}.ts`, true] as const),
    ['../top-file.ts', false],
    ...Object.keys(rooms)
      .filter((other) => other !== name)
      .map((other) => [`../../${other}/other.ts`, mayImport(room, `${other}/other.ts`)] as const),
    ...['log', 'lease', 'store']
      .filter((other) => other !== name)
      .map((other) => [`../../${other}/contract.ts`, mayImport(room, `${other}/contract.ts`)] as const),
    ['../../main.ts', room.imports.includes('**')],
    ['left-pad', false],
  ];
};

const mayImport = ({ imports }: Room, path: string): boolean =>
  imports.some((named) => named === '**' || named === path || path.startsWith(`${named}/`));

const fileFor = ({ name, subRoom }: SubRoom, specifier: string): string =>
  `src/${name}/${subRoom}/imports-${specifier.replaceAll('../', 'up-').replaceAll(/[^a-z0-9]+/g, '-')}.ts`;

const textFor = (specifier: string): string =>
  `import { it } from '${specifier}';\nexport const mine = [it];\n`;

let refused: ReadonlySet<string> = new Set();

test.before(async () => {
  const files = subRooms.flatMap((it) =>
    requestsOf(it).map(([specifier]) => [fileFor(it, specifier), textFor(specifier)] as const),
  );
  const findings: readonly Finding[] = await lintFiles(Object.fromEntries(files));
  refused = new Set(findings.flatMap(({ rule, path }) => (rule === 'noRestrictedImports' ? path : [])));
});

for (const it of subRooms) {
  test(`${it.name}/${it.subRoom} imports its neighbours, the floors below and what ${it.name} may, and nothing else`, () => {
    const seen = requestsOf(it).map(([specifier]) => [specifier, !refused.has(fileFor(it, specifier))]);
    assert.equal(seen, requestsOf(it));
  });
}

for (const [name, room] of Object.entries(rooms)) {
  test(`the folders of ${name} are the sub-rooms that it has a rule for`, () => {
    const folders = readdirSync(join(root, 'src', name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['scripts', 'sql'].includes(entry.name))
      .map((entry) => entry.name);
    assert.equal(folders.toSorted(), [...subRoomsOf(room)].toSorted());
  });
}

test('the rules that the linter reads are those of rooms.ts: npm run import-rules', () => {
  const written: unknown = JSON.parse(readFileSync(join(root, 'infra/lint/import-rules.json'), 'utf8'));
  assert.equal(written, JSON.parse(importRules()));
});

// Writes rooms.ts into import-rules.json, which biome.json extends.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { below, type Room, rooms, subRoomsOf } from './rooms.ts';

type Depth = 'room' | 'sub-room';

/** Paths of rooms as seen from a file of the room, or of one of its sub-rooms. */
const others = ({ imports }: Room, place: Depth): readonly string[] =>
  imports.map((room) => {
    const path = room.endsWith('.ts') || room === '**' ? room : `${room}/**`;
    return `!${place === 'room' ? '../' : '../../'}${path}`;
  });

/** `*` does not match a slash, so "./../other/file.ts" does not count as a neighbour. */
const ofSubRoom = (room: Room, subRoom: string): readonly string[] => [
  '!./*',
  ...below(room, subRoom).map((lower) => `!../${lower}/*`),
  ...(room.ground ?? []).map((file) => `!../${file}.ts`),
  ...others(room, 'sub-room'),
];

/**
 * The part of node:crypto whose result depends on its arguments only. A room that may import no more gets its
 * random numbers as arguments.
 */
const deterministicCrypto = {
  'node:crypto': {
    allowImportNames: ['createHash', 'createHmac', 'hash', 'timingSafeEqual'],
    message: 'Only the deterministic part of node:crypto: randomness comes in as an argument.',
  },
};

const rule = (
  includes: string,
  { packages }: Pick<Room, 'packages'>,
  { ours, message }: { readonly ours: readonly string[]; readonly message: string },
) => {
  const group = ['**', ...ours, ...packages.map((name) => `!${name}`)];
  const paths = packages.includes('node:crypto') ? { paths: deterministicCrypto } : {};
  const options = { ...paths, patterns: [{ group, message }] };
  return {
    includes: [includes],
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } },
  };
};

const rulesOf = ([name, room]: [string, Room]) => [
  rule(`src/${name}/**`, room, {
    ours: ['!./**', ...others(room, 'room')],
    message: `${name} imports what infra/lint/rooms.ts names for it.`,
  }),
  ...subRoomsOf(room).map((subRoom) =>
    rule(`src/${name}/${subRoom}/**`, room, {
      ours: ofSubRoom(room, subRoom),
      message: `${name}/${subRoom} imports the floors below it, and what ${name} may: see infra/lint/rooms.ts.`,
    }),
  ),
];

const ofTop = [
  rule('src/config.ts', rooms.config ?? { packages: [] }, {
    ours: ['!./config/**', '!./shared/**'],
    message: 'config imports no room.',
  }),
  rule(
    'src/main.ts',
    { packages: ['pino', '@opentelemetry/api', 'node:*', 'node:*/**'] },
    {
      ours: ['!./**'],
      message: 'main imports rooms; each package belongs to a room.',
    },
  ),
];

/** The text of import-rules.json. */
export const importRules = (): string =>
  JSON.stringify({ overrides: [...Object.entries(rooms).flatMap(rulesOf), ...ofTop] });

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('import-rules.json', import.meta.url), importRules());

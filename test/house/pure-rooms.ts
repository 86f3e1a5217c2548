import type { Violation } from './violations.ts';

const clockAndDice: readonly (readonly [name: string, rule: string, expression: string])[] = [
  ['date-now', 'noJsRestrictedProperties', 'Date.now()'],
  ['new-date', 'This room reads no clock', 'new Date()'],
  ['bare-new-date', 'This room reads no clock', 'new Date'],
  ['date-call', 'This room reads no clock', 'Date()'],
  ['date-alias', 'This room reads no clock', '[Date]'],
  ['math-random', 'noJsRestrictedProperties', 'Math.random()'],
  ['set-timeout', 'noRestrictedGlobals', 'setTimeout(() => 1, 1)'],
  ['set-interval', 'noRestrictedGlobals', 'setInterval(() => 1, 1)'],
  ['set-immediate', 'noRestrictedGlobals', 'setImmediate(() => 1)'],
  ['performance', 'noRestrictedGlobals', 'performance.now()'],
  ['random-uuid', 'noRestrictedGlobals', 'crypto.randomUUID()'],
  ['random-values', 'noRestrictedGlobals', 'crypto.getRandomValues(new Uint8Array(1))'],
  ['hrtime', 'noRestrictedGlobals', 'process.hrtime()'],
  ['global-this', 'noRestrictedGlobals', 'globalThis.setTimeout(() => 1, 1)'],
  ['timers', 'noRestrictedImports', "import('node:timers/promises')"],
  ['perf-hooks', 'noRestrictedImports', "import('node:perf_hooks')"],
];

const imports: readonly (readonly [name: string, statement: string])[] = [
  ['random-bytes-import', "import { randomBytes } from 'node:crypto';\nexport const it = randomBytes;"],
  ['random-uuid-import', "import { randomUUID } from 'node:crypto';\nexport const it = randomUUID;"],
  ['whole-crypto-import', "import * as all from 'node:crypto';\nexport const it = all;"],
];

const inRoom = (room: string): readonly Violation[] => [
  ...clockAndDice.map(([name, rule, expression]) => ({
    promise: `${room} may not use ${expression}`,
    rule,
    path: `src/${room}/${name}.ts`,
    text: `export const it = (): unknown => ${expression};`,
  })),
  ...imports.map(([name, text]) => ({
    promise: `${room} may not have ${name.replaceAll('-', ' ')}`,
    rule: 'noRestrictedImports',
    path: `src/${room}/${name}.ts`,
    text,
  })),
];

/** Clocks, timers and randomness, one use per file, in each room that must be free of them. */
export const impurities: readonly Violation[] = [
  ...['domain', 'command', 'projector'].flatMap(inRoom),
  {
    promise: 'domain may not even format a date',
    rule: 'noRestrictedGlobals',
    path: 'src/domain/format.ts',
    text: 'export const format = (ms: number): string => new Date(ms).toISOString();',
  },
];

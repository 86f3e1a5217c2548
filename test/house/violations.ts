import type { Files } from './lint-files.ts';

/** A file that breaks exactly one rule, in a place where the rule applies. */
export interface Violation {
  readonly promise: string;
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

const pyramid = (depth: number): string =>
  depth === 0 ? 'return 1;' : `if (n > ${depth}) {\n${pyramid(depth - 1)}\n}`;

/** A file that the violations import; it breaks no rule itself. */
export const neighbours: Files = {
  'src/log/save.ts': 'export const save = async (): Promise<void> => {};\n',
  'src/log/kind.ts': "export type Kind = { readonly type: 'a' } | { readonly type: 'b' };\n",
  'src/log/cycle-back.ts':
    "import { there } from './cycle.ts';\nexport const back = (): number => there();\n",
  'src/log/type-cycle-back.ts':
    "import type { There } from './type-cycle.ts';\nexport interface Back {\n  readonly there: There;\n}\n",
};

const language: readonly Violation[] = [
  {
    promise: 'any is refused',
    rule: 'noExplicitAny',
    path: 'src/http/any.ts',
    text: 'export const keep = (value: any): unknown => value;',
  },
  {
    promise: 'a variable that is any without saying so is refused',
    rule: 'noImplicitAnyLet',
    path: 'src/http/implicit-any.ts',
    text: 'export const late = (): unknown => {\n  let value;\n  value = 1;\n  return value;\n};',
  },
  {
    promise: 'a type assertion outside parse… and new… is refused',
    rule: 'A type assertion is a claim nobody checks',
    path: 'src/http/assertion.ts',
    text: 'export const asText = (value: unknown): string => value as string;',
  },
  {
    promise: 'a non-null assertion is refused',
    rule: 'noNonNullAssertion',
    path: 'src/http/non-null.ts',
    text: 'export const sure = (value: string | undefined): string => value!;',
  },
  {
    promise: 'assigning to a parameter is refused',
    rule: 'noParameterAssign',
    path: 'src/http/parameter.ts',
    text: 'export const next = (n: number): number => {\n  n = n + 1;\n  return n;\n};',
  },
  {
    promise: 'a type imported as a value is refused',
    rule: 'useImportType',
    path: 'src/log/value-import.ts',
    text: "import { Kind } from './kind.ts';\nexport const same = (kind: Kind): Kind => kind;",
  },
  {
    promise: 'an import that nobody uses is refused',
    rule: 'noUnusedImports',
    path: 'src/log/unused-import.ts',
    text: "import { save } from './save.ts';\nexport const one = 1;",
  },
  {
    promise: 'a variable that nobody uses is refused',
    rule: 'noUnusedVariables',
    path: 'src/http/unused.ts',
    text: 'const two = 2;\nexport const one = 1;',
  },
  {
    promise: 'a promise that nobody awaits is refused, also one from another file',
    rule: 'noFloatingPromises',
    path: 'src/log/floating.ts',
    text: "import { save } from './save.ts';\nexport const forget = (): void => {\n  save();\n};",
  },
  {
    promise: 'a call to a server whose reply nobody waits for is refused',
    rule: 'Nobody waits for this reply',
    path: 'src/log/lost-reply.ts',
    text: "import type { Redis } from 'ioredis';\nexport const leave = (redis: Redis): void => {\n  redis.quit();\n};",
  },
];

const files: readonly Violation[] = [
  {
    promise: 'console in a room is refused',
    rule: 'noConsole',
    path: 'src/log/print.ts',
    text: "export const print = (): void => console.log('x');",
  },
  {
    promise: 'a default export is refused',
    rule: 'noDefaultExport',
    path: 'src/log/default.ts',
    text: 'export default 1;',
  },
  {
    promise: 'a barrel is refused',
    rule: 'noBarrelFile',
    path: 'src/log/barrel.ts',
    text: "export { save } from './save.ts';",
  },
  {
    promise: 're-exporting everything is refused',
    rule: 'noReExportAll',
    path: 'src/log/re-export.ts',
    text: "import { save } from './save.ts';\nexport * from './kind.ts';\nexport const again = save;",
  },
  {
    promise: 'an import cycle is refused',
    rule: 'noImportCycles',
    path: 'src/log/cycle.ts',
    text: "import { back } from './cycle-back.ts';\nexport const there = (): number => back();",
  },
  {
    promise: 'an import cycle of types is refused',
    rule: 'noImportCycles',
    path: 'src/log/type-cycle.ts',
    text: "import type { Back } from './type-cycle-back.ts';\nexport interface There {\n  readonly back: Back;\n}",
  },
  {
    promise: 'a function of 61 lines is refused',
    rule: 'noExcessiveLinesPerFunction',
    path: 'src/log/long-function.ts',
    text: `export const long = (): void => {\n${lines(61, (n) => `  String(${n});`)}\n};`,
  },
  {
    promise: 'a test function of 121 lines is refused',
    rule: 'noExcessiveLinesPerFunction',
    path: 'test/log/long.unit.test.ts',
    text: `export const long = (): void => {\n${lines(121, (n) => `  String(${n});`)}\n};`,
  },
  {
    promise: 'a file of 251 lines is refused',
    rule: 'noExcessiveLinesPerFile',
    path: 'src/log/long-file.ts',
    text: lines(251, (n) => `export const a${n} = ${n};`),
  },
  {
    promise: 'a function with too many nested decisions is refused',
    rule: 'noExcessiveCognitiveComplexity',
    path: 'src/log/pyramid.ts',
    text: `export const deep = (n: number): number => {\n${pyramid(6)}\nreturn 0;\n};`,
  },
  {
    promise: 'a file name that is not kebab-case is refused',
    rule: 'useFilenamingConvention',
    path: 'src/log/saveAll.ts',
    text: 'export const saveAll = 1;',
  },
];

const care: readonly Violation[] = [
  {
    promise: 'six parameters are refused',
    rule: 'useMaxParams',
    path: 'src/http/many.ts',
    text: 'type N = number;\nexport const sum = (a: N, b: N, c: N, d: N, e: N, f: N): N => a + b + c + d + e + f;',
  },
  {
    promise: 'a parameter that nobody uses is refused',
    rule: 'noUnusedFunctionParameters',
    path: 'src/http/unused-parameter.ts',
    text: 'export const one = (two: number): number => 1;',
  },
  {
    promise: 'a private member that nobody uses is refused',
    rule: 'noUnusedPrivateClassMembers',
    path: 'src/http/unused-member.ts',
    text: 'export class Box {\n  readonly #lost = 1;\n}',
  },
  {
    promise: 'a member that never changes and does not say so is refused',
    rule: 'useReadonlyClassProperties',
    path: 'src/http/member.ts',
    text: 'export class Box {\n  private size = 1;\n  grown = (): number => this.size + 1;\n}',
  },
  {
    promise: 'an import without its file extension is refused',
    rule: 'useImportExtensions',
    path: 'src/log/extension.ts',
    text: "import { save } from './save';\nexport const mine = save;",
  },
  {
    promise: 'a Node module without node: is refused',
    rule: 'useNodejsImportProtocol',
    path: 'src/log/protocol.ts',
    text: "import { readFile } from 'fs';\nexport const mine = readFile;",
  },
  {
    promise: 'a promise taken for its value is refused',
    rule: 'noMisusedPromises',
    path: 'src/log/misused.ts',
    text: "import { save } from './save.ts';\nexport const saved = (): number => {\n  if (save()) return 1;\n  return 2;\n};",
  },
  {
    promise: 'throwing what is not an error is refused',
    rule: 'useThrowOnlyError',
    path: 'src/http/throw.ts',
    text: "export const fail = (): never => {\n  throw 'x';\n};",
  },
  {
    promise: 'an error that hides its cause is refused',
    rule: 'useErrorCause',
    path: 'src/http/cause.ts',
    text: "export const attempt = (work: () => void): void => {\n  try {\n    work();\n  } catch (error) {\n    throw new Error('x');\n  }\n};",
  },
  {
    promise: 'a list that finds its type as it grows is refused',
    rule: 'noEvolvingTypes',
    path: 'src/http/evolving.ts',
    text: 'export const list = (): unknown => {\n  const all = [];\n  all.push(1);\n  return all;\n};',
  },
  {
    promise: 'silencing the type checker is refused',
    rule: 'noTsIgnore',
    path: 'src/http/silence.ts',
    text: '// @ts-ignore\nexport const one: number = 1;',
  },
];

export const violations: readonly Violation[] = [...language, ...files, ...care];

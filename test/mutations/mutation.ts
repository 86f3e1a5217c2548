/** The test or simulation that must notice that a mechanism is missing. */
export type Catcher =
  | {
      readonly type: 'test';
      /** Path relative to the root. */
      readonly file: string;
      /** A part of the test's name; if absent, every test of the file. */
      readonly named?: string;
    }
  | { readonly type: 'simulate'; readonly seed: number; readonly runs: number };

/** A safety mechanism and the diff that removes it. */
export interface Mutation {
  readonly name: string;
  readonly what: string;
  /** One of them must catch it. */
  readonly catchers: readonly [Catcher, ...Catcher[]];
}

const headerLine = /^# ([a-z-]+): (.+)$/;
const simulation = /^simulate: seeds (\d{1,9})\.\.(\d{1,9})$/;
const testFile = /^(test\/[A-Za-z0-9/.-]+\.test\.ts)(?:: (.+))?$/;

/**
 * Reads the lines above the diff, which git ignores:
 *
 *   # what: the mechanism, and what is left without it
 *   # caught-by: test/<path>.test.ts
 *   # caught-by: test/<path>.test.ts: <a part of the test's name>
 *   # caught-by: simulate: seeds 1..300
 *
 * Throws on any mistake in the file: a mutation without a catcher must not count as caught.
 */
export const parseMutation = (name: string, patch: string): Mutation => {
  const firstHunk = patch.search(/^diff --git /m);
  if (firstHunk < 0) throw new Error(`${name}: no diff as git writes it`);
  const what: string[] = [];
  const catchers: Catcher[] = [];
  for (const line of patch
    .slice(0, firstHunk)
    .split('\n')
    .filter((each) => each !== '')) {
    const [, key, value = ''] = headerLine.exec(line) ?? [];
    if (key === 'what') what.push(value);
    else if (key === 'caught-by') catchers.push(parseCatcher(name, value));
    else throw new Error(`${name}: ${JSON.stringify(line)} is no line of a header`);
  }
  const [first, ...more] = catchers;
  if (!first) throw new Error(`${name}: nothing is to catch it`);
  if (what.length === 0) throw new Error(`${name}: it does not say what it takes out`);
  return { name, what: what.join(' '), catchers: [first, ...more] };
};

const parseCatcher = (name: string, text: string): Catcher => {
  const [, from, to] = simulation.exec(text) ?? [];
  if (from !== undefined && Number(to) >= Number(from))
    return { type: 'simulate', seed: Number(from), runs: Number(to) - Number(from) + 1 };
  const [, file, named] = testFile.exec(text) ?? [];
  if (file === undefined) throw new Error(`${name}: ${JSON.stringify(text)} can catch nothing`);
  return { type: 'test', file, ...(named !== undefined && { named }) };
};

/** A catcher that several mutations name runs once without them. */
export const catcherName = (catcher: Catcher): string =>
  catcher.type === 'simulate'
    ? `simulate: seeds ${catcher.seed}..${catcher.seed + catcher.runs - 1}`
    : [catcher.file, ...(catcher.named === undefined ? [] : [catcher.named])].join(': ');

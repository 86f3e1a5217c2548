import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { assert, suite } from '../../support/suite.ts';
import { findMutants } from './find-mutants.ts';
import { instrument } from './instrument.ts';
import { openJudgements } from './judgements-file.ts';
import { mutantKey, operators } from './mutant.ts';
import { readMutants, readSurvivors } from './operator-pass.ts';
import { summary } from './operator-report.ts';
import { parseSurvivors } from './survivors.ts';

const test = suite('mutants by operators');

const source = `
export const f = async (a: number, b: number, seen: string[], pause: () => Promise<void>): Promise<number> => {
  if (a < b && b > 0) return a + 1;
  if (a === 100) seen.push('hundred');
  else seen.push('else');
  logger.warn('not mutated');
  await pause();
  seen.push('end');
  return Math.min(a, b ? b : 7);
};
`;

const mutants = findMutants('src/x.ts', source).map((mutant, id) => ({ ...mutant, id }));

test('each operator finds its places, and names the lines before and after', () => {
  const found = new Set(mutants.map(({ operator }) => operator));
  assert.equal([...found].sort(), [...operators].sort());
  const changes = mutants.map(({ before, after }) => `${before} → ${after}`);
  for (const change of [
    'if (a < b && b > 0) return a + 1; → if (a <= b && b > 0) return a + 1;',
    'if (a < b && b > 0) return a + 1; → if ((a < b) || (b > 0)) return a + 1;',
    'if (a < b && b > 0) return a + 1; → if (false) return a + 1;',
    'if (a < b && b > 0) return a + 1; → if (a < b && b > 0) return a;',
    "if (a === 100) seen.push('hundred'); → if (!(a === 100)) seen.push('hundred');",
    'await pause(); → pause();',
    "seen.push('end'); → ;",
    'return Math.min(a, b ? b : 7); → return Math.max(a, b ? b : 7);',
    'return Math.min(a, b ? b : 7); → return Math.min(a, !(b) ? b : 7);',
  ])
    assert.ok(changes.includes(change), change);
  assert.not.ok(changes.some((change) => change.includes('logger.warn')));
});

test('an await is dropped only where somebody notices', () => {
  const dropped = (body: string) =>
    findMutants('src/x.ts', `export const f = ${body};`)
      .filter(({ operator }) => operator === 'drop an await')
      .map(({ after }) => after);
  assert.equal(dropped('async () => await g()'), []);
  assert.equal(dropped('async () => { return await g(); }'), []);
  assert.equal(dropped('async () => { return [await g()]; }').length, 1);
  assert.equal(dropped('async () => { try { return await g(); } finally { h(); } }').length, 1);
  assert.equal(
    dropped('async () => { try { return k(async () => { return await g(); }); } finally { h(); } }'),
    [],
  );
});

interface Ran {
  readonly result: number;
  readonly seen: readonly string[];
}

/** Runs f of the instrumented source, with one mutant on. */
const run = async (on: number, a: number, b: number): Promise<Ran> => {
  const { code } = transformSync(instrument(source, mutants), { loader: 'ts', format: 'cjs' });
  const module: { exports: { f?: (...args: readonly unknown[]) => Promise<number> } } = { exports: {} };
  const logger = { warn: () => undefined };
  new Function('module', 'isMutantOn', 'logger', code)(module, (id: number) => id === on, logger);
  const seen: string[] = [];
  const result = await module.exports.f?.(a, b, seen, async () => {
    await Promise.resolve();
    seen.push('paused');
  });
  return { result: result ?? Number.NaN, seen };
};

const idOf = (after: string): number => mutants.find((mutant) => mutant.after === after)?.id ?? Number.NaN;

test('without a mutant the instrumented source does what the source does', async () => {
  assert.equal(await run(-1, 1, 2), { result: 2, seen: [] });
  assert.equal(await run(-1, 100, 3), { result: 3, seen: ['hundred', 'paused', 'end'] });
  assert.equal(await run(-1, 5, 3), { result: 3, seen: ['else', 'paused', 'end'] });
});

test('each mutant does what its line says, and nothing else', async () => {
  assert.is((await run(idOf('if (a <= b && b > 0) return a + 1;'), 2, 2)).result, 3);
  assert.is((await run(idOf('if (a < b && b > 0) return a;'), 1, 2)).result, 1);
  assert.equal((await run(idOf('if (false) return a + 1;'), 1, 2)).seen, ['else', 'paused', 'end']);
  assert.equal((await run(idOf('if (a === 100) ;'), 100, 3)).seen, ['paused', 'end']);
  assert.equal((await run(idOf('if (a === 100) ;'), 5, 3)).seen, ['else', 'paused', 'end']);
  assert.equal((await run(idOf('pause();'), 5, 3)).seen, ['else', 'end', 'paused']);
  assert.is((await run(idOf('return Math.max(a, b ? b : 7);'), 5, 3)).result, 5);
});

test('the judgements of a run are there for the next, until the file changes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'onsale-judgements-'));
  const path = join(dir, 'state/judgements.jsonl');
  const [one, other] = mutants;
  assert.ok(one && other);
  openJudgements(path, () => source).keep(one, { verdict: 'killed', by: 'test/x.unit.test.ts' });
  const again = openJudgements(path, () => source);
  assert.equal(again.of(one), { verdict: 'killed', by: 'test/x.unit.test.ts' });
  assert.is(again.of(other), undefined);
  assert.is(openJudgements(path, () => `${source}//`).of(one), undefined);
  rmSync(dir, { recursive: true });
});

const [first, second, third] = mutants;

test('a survivor that the list does not name is unknown, one without a reason is open', () => {
  assert.ok(first && second && third);
  const judged = [first, second, third].map((mutant) => ({ mutant, verdict: 'survived' }) as const);
  const survivors = parseSurvivors(
    `# a comment\n\n${mutantKey(first)}\nwhy: no difference\n\n${mutantKey(second)}\nopen\n`,
  );
  const { text, unknown } = summary(judged, { mutants, survivors });
  assert.is(unknown, judged.filter(({ mutant }) => !survivors.has(mutantKey(mutant))).length);
  assert.match(text, /0 of 3 judged mutants noticed \(0\.0 %\)/);
  assert.throws(() => parseSurvivors('src/x.ts\n- a\n+ b\n'), /no survivor can be read/);
});

test('every survivor in the list is a mutant of the present code', () => {
  const keys = new Set(readMutants().map(mutantKey));
  for (const key of readSurvivors().keys()) assert.ok(keys.has(key), key);
});

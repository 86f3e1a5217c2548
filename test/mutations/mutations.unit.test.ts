import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { runFile } from '../support/run-file.ts';
import { assert, suite } from '../support/suite.ts';
import { judgeFile, judgeSimulation, type Verdict } from './judge.ts';
import { newTree, whyNotApplicable } from './mutated-tree.ts';
import { parseMutation } from './mutation.ts';
import { outcomeOf, table } from './report.ts';

const test = suite('the mutation check cannot be green by accident', { timeoutMs: 40_000 });

const dir = mkdtempSync(join(tmpdir(), 'onsale-mutations-unit-'));
test.after(() => rmSync(dir, { recursive: true }));

const diff =
  'diff --git a/src/main.ts b/src/main.ts\n--- a/src/main.ts\n+++ b/src/main.ts\n@@ -1 +1 @@\n-a\n+b\n';
const file = 'test/projector/step.int.test.ts';

test('a mutation says what it takes out and who is to notice', () => {
  const patch = `# what: the lock\n# what: and the key\n# caught-by: ${file}\n# caught-by: ${file}: it (really) holds: yes\n# caught-by: simulate: seeds 5..9\n\n${diff}`;
  assert.equal(parseMutation('no-lock', patch), {
    name: 'no-lock',
    what: 'the lock and the key',
    catchers: [
      { type: 'test', file },
      { type: 'test', file, named: 'it (really) holds: yes' },
      { type: 'simulate', seed: 5, runs: 5 },
    ],
  });
});

test('a mutation that nobody looks for, or that takes out nothing, is refused by its name', () => {
  const bad: readonly (readonly [patch: string, why: RegExp])[] = [
    [`# what: x\n${diff}`, /nothing is to catch it/],
    [`# caught-by: ${file}\n${diff}`, /does not say what/],
    [`# what: x\n# caught-by: ${file}\n`, /no diff/],
    [`# what: x\n# caught-by: ../step.int.test.ts\n${diff}`, /can catch nothing/],
    [`# what: x\n# caught-by: test/../../step.ts\n${diff}`, /can catch nothing/],
    [`# what: x\n# caught-by: simulate: seeds 9..5\n${diff}`, /can catch nothing/],
    [`# what: x\n# caught by: ${file}\n${diff}`, /no line of a header/],
  ];
  for (const [patch, why] of bad)
    assert.throws(
      () => parseMutation('no-lock', patch),
      (error: Error) => {
        assert.match(error.message, /^no-lock: /);
        assert.match(error.message, why);
        return true;
      },
    );
});

let files = 0;

const judged = async (body: string, env: NodeJS.ProcessEnv = {}): Promise<Verdict> => {
  files += 1;
  const path = join(dir, `file-${files}.ts`);
  const head = `import { assert, suite } from ${JSON.stringify(join(paths.root, 'test/support/suite.ts'))};\nconst test = suite('x');\n`;
  writeFileSync(path, head + body);
  const signal = new AbortController().signal;
  const own = { ...process.env, CI: '', ONSALE_TEST_PATIENCE: '1', ...env };
  return judgeFile(await runFile({ path, env: own, silenceMs: 60_000, signal }));
};

test('caught is an assertion that failed, and names its test', async () => {
  const assertions = [
    'assert.is(1, 2)',
    'assert.is.not(1, 1)',
    'assert.equal([1], [2])',
    'assert.ok(false, "why\\nand why")',
  ];
  const verdicts = await Promise.all(
    assertions.map((assertion) => judged(`test('good', () => {}); test('it "holds"', () => ${assertion});`)),
  );
  for (const verdict of verdicts) assert.equal(verdict, { type: 'caught', by: 'it "holds"' });
});

test('an exception, a time-out, a broken hook, a syntax error and a crash find out nothing', async () => {
  const broken: readonly (readonly [body: string, why: RegExp])[] = [
    [`test('a', () => { undefined.a; });`, /"a" failed by no assertion/],
    [`test('a', () => new Promise(() => {}), { timeoutMs: 50 });`, /took longer than 50 ms/],
    [`test.before(() => { throw new Error('no server'); }); test('a', () => {});`, /hook/],
    ['import ( from;', /before its tests were done/],
    [`test('a', () => process.exit(0));`, /before its tests were done/],
  ];
  await Promise.all(
    broken.map(async ([body, why]) => {
      const verdict = await judged(body);
      assert.is(verdict.type, 'broke', body);
      assert.match(verdict.type === 'broke' ? verdict.why : '', why);
    }),
  );
});

test('an assertion counts although something else broke as well', async () => {
  const verdict = await judged(`test('a', () => { undefined.a; }); test('b', () => assert.is(1, 2));`);
  assert.equal(verdict, { type: 'caught', by: 'b' });
});

test('what passes has survived; only the tests that were named are asked', async () => {
  const body = `test('one', () => {}); test('two', () => assert.is(1, 2));`;
  assert.is((await judged(body)).type, 'caught');
  assert.equal(await judged(body, { ONSALE_TEST_NAMED: 'one' }), { type: 'survived' });
  assert.is((await judged(body, { ONSALE_TEST_NAMED: 'three' })).type, 'broke', 'renamed, not survived');
});

test('a simulation catches by its own exit code and no other', () => {
  assert.equal(judgeSimulation(0, 'fine'), { type: 'survived' });
  assert.equal(judgeSimulation(3, 'looking\nseed 17: oversold\nmore'), {
    type: 'caught',
    by: 'seed 17: oversold',
  });
  for (const code of [1, 2, null]) assert.is(judgeSimulation(code, 'Error').type, 'broke');
});

const catcher = { type: 'test', file } as const;

test('the first catcher that notices counts; one that broke is not one that passed', () => {
  const caught = { catcher, verdict: { type: 'caught', by: 'a test' } } as const;
  const survived = { catcher, verdict: { type: 'survived' } } as const;
  const broke = { catcher, verdict: { type: 'broke', why: 'no' } } as const;
  assert.is(outcomeOf([broke, survived, caught]).type, 'caught');
  assert.is(outcomeOf([survived, broke]).type, 'broke');
  assert.is(outcomeOf([survived]).type, 'survived');
  assert.is(outcomeOf([]).type, 'survived');
});

test('the table has a line a mutation, whatever is in its cells', () => {
  const outcome = { type: 'caught', catcher, by: 'a | b' } as const;
  const lines = table([{ mutation: { name: 'x', what: 'y\nz' }, outcome, ms: 1_234 }]).split('\n');
  assert.is(lines.at(-1), `| x | y z | ${file}: a \\| b | 1.2 |`);
  assert.is(lines.length, 3);
});

test('a patch is applied whole or refused, and only in the copy', () => {
  const patch = (name: string, text: string): string => {
    writeFileSync(join(dir, name), `# what: x\n\n${text}`);
    return join(dir, name);
  };
  const whole = readFileSync(join(paths.root, 'src/main.ts'), 'utf8');
  const [first = ''] = whole.split('\n');
  const hunk = (path: string, from: string): string =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,2 @@\n+// taken out\n ${from}\n`;
  const tree = newTree(dir);
  const main = (): string => readFileSync(join(tree.dir, 'src/main.ts'), 'utf8');
  assert.match(
    tree.apply(patch('half.patch', hunk('src/main.ts', first) + hunk('src/config.ts', 'no such line'))) ?? '',
    /config\.ts/,
  );
  assert.is(main(), whole);
  assert.is(tree.apply(patch('good.patch', hunk('src/main.ts', first))), undefined);
  assert.is(main(), `// taken out\n${whole}`);
  assert.is(readFileSync(join(paths.root, 'src/main.ts'), 'utf8'), whole);
  tree.remove();
});

test('every mutation of the repository can be read and still applies', () => {
  const here = join(paths.root, 'test/mutations');
  const patches = readdirSync(here).filter((name) => name.endsWith('.patch'));
  assert.ok(patches.length >= 10);
  for (const name of patches) {
    const { catchers } = parseMutation(name, readFileSync(join(here, name), 'utf8'));
    for (const each of catchers)
      if (each.type === 'test') assert.ok(readFileSync(join(paths.root, each.file)).length > 0);
    assert.is(whyNotApplicable(join(here, name)), undefined, name);
  }
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { type FileResult, type FileRun, runFile, runFiles } from './run-file.ts';
import { assert, suite } from './suite.ts';

const test = suite('the runner cannot be green by accident');

const root = mkdtempSync(join(tmpdir(), 'onsale-runner-'));
mkdirSync(join(root, 'test'));
writeFileSync(join(root, 'package.json'), '{"type":"module"}');
test.after(() => rmSync(root, { recursive: true }));

const HEAD = `import { assert, suite } from ${JSON.stringify(join(paths.root, 'test/support/suite.ts'))};
const test = suite('x');
`;
const env = { ...process.env, CI: '', ONSALE_TEST_NAMED: '', ONSALE_TEST_PATIENCE: '1' };
/** Short limits for files that must fail: their tests and hooks may take a second or less. */
const hasty = { ...env, ONSALE_TEST_PATIENCE: '0.02' };
let files = 0;

const write = (body: string): string => {
  files += 1;
  const path = join(root, `f${files}.ts`);
  writeFileSync(path, HEAD + body);
  return path;
};

const run = (body: string, options: Partial<FileRun> = {}): Promise<FileResult> =>
  runFile({ path: write(body), env, silenceMs: 60_000, signal: new AbortController().signal, ...options });

const runTogether = async (
  bodies: readonly string[],
  options: Partial<FileRun> = {},
): Promise<readonly FileResult[]> => {
  const signal = new AbortController().signal;
  const results = await runFiles({ paths: bodies.map(write), env, silenceMs: 60_000, signal, ...options });
  return [...results.values()];
};

const counts = ({ passed, failed, left }: FileResult): readonly number[] => [passed, failed, left];

test('a file whose tests pass is counted, without any call to run()', async () => {
  const result = await run(
    `await Promise.resolve(); test('a', () => {}); await Promise.resolve(); test('b', async () => {});`,
  );
  assert.is(result.problem, undefined);
  assert.equal(counts(result), [2, 0, 0]);
});

test('a test that throws fails alone, and its output says which', async () => {
  const result = await run(`test('good', () => {}); test('bad', () => assert.is(1, 2));`);
  assert.equal(counts(result), [1, 1, 0]);
  assert.match(result.output, '"bad"');
});

test('a before hook that throws fails every test behind it', async () => {
  const result = await run(
    `test.before(() => { throw new Error('no server'); }); test('a', () => {}); test('b', () => {});`,
  );
  assert.equal(counts(result), [0, 3, 0]);
  assert.match(result.output, 'no server');
});

test('a before.each hook that throws fails the test', async () => {
  const result = await run(`test.before.each(() => { throw new Error('no'); }); test('a', () => {});`);
  assert.is(result.passed, 0);
  assert.ok(result.failed > 0);
});

test('after hooks that throw fail the file, and the others still clean up', async () => {
  const result = await run(`test('a', () => {});
test.after.each(() => { throw new Error('each'); });
test.after(() => { throw new Error('first'); });
test.after(() => console.log('cleaned up'));`);
  assert.equal(counts(result), [1, 2, 0]);
  assert.match(result.output, 'cleaned up');
});

test('a file without a test fails', async () => {
  const result = await run('');
  assert.is(result.failed, 1);
  assert.is(result.problem, 'has no test');
});

test('a file that does not use the suite fails', async () => {
  const path = join(root, 'bare.ts');
  writeFileSync(path, 'export {};');
  const result = await runFile({ path, env, silenceMs: 60_000, signal: new AbortController().signal });
  assert.is(result.problem, 'ended (exit code 0) before its tests were done');
});

test('process.exit(0) in the middle of a test fails', async () => {
  const result = await run(`test('a', () => {}); test('b', () => process.exit(0)); test('c', () => {});`);
  assert.is(result.failed, 1);
  assert.match(result.problem ?? '', 'before its tests were done');
});

test('a test that never ends and keeps nothing alive fails', async () => {
  const result = await run(`test('a', () => new Promise(() => {}), { timeoutMs: 50 });`);
  assert.equal(counts(result), [0, 1, 0]);
  assert.match(result.output, 'took longer than 50 ms');
});

test('a hook that never ends fails by a limit of its own', async () => {
  const result = await run(`test.before(() => new Promise(() => {})); test('a', () => {});`, { env: hasty });
  assert.is(result.failed, 2);
  assert.match(result.output, 'before hook of x took longer than 1200 ms');
});

test('a loop that blocks the process, and with it the limits of its tests, is killed', async () => {
  const result = await run(`test('a', () => { for (;;); });`, { env: hasty, silenceMs: 1_500 });
  assert.match(result.problem ?? '', /^killed: no sign of life for/);
});

test('a test is given the time that it says it takes, however long the silence', async () => {
  const result = await run(
    `test('a', () => new Promise((done) => setTimeout(done, 4_000)), { timeoutMs: 60_000 });`,
    { silenceMs: 3_000 },
  );
  assert.equal(counts(result), [1, 0, 0]);
});

test('an unhandled rejection during the tests fails', async () => {
  const result = await run(`test('a', async () => {
  Promise.reject(new Error('nobody caught this'));
  await new Promise((resolve) => setTimeout(resolve, 20));
});`);
  assert.ok(result.failed > 0);
  assert.match(result.output, 'nobody caught this');
});

test('a crash after the last test fails', async () => {
  const crashes = [
    `process.on('exit', () => { throw new Error('too late'); });`,
    `setTimeout(() => { throw new Error('too late'); }, 300);`,
    `setTimeout(() => Promise.reject(new Error('too late')), 300);`,
    `process.on('exit', () => process.kill(process.pid, 'SIGKILL'));`,
  ];
  const results = await Promise.all(crashes.map((crash) => run(`test('a', () => { ${crash} });`)));
  for (const result of results) {
    assert.is(result.passed, 1);
    assert.match(result.problem ?? '', 'ended badly');
  }
});

test('a top-level await that never settles fails', async () => {
  const result = await run(`test('a', () => {}); await new Promise(() => {});`);
  assert.is(result.failed, 1);
  assert.match(result.problem ?? '', 'before its tests were done');
});

test('something left open after the last test fails', async () => {
  const result = await run(`test('a', () => { setInterval(() => {}, 1_000); });`, { lingerMs: 300 });
  assert.match(result.problem ?? '', 'something was left open');
});

test('only() shows what it left out, and fails where CI is set', async () => {
  const body = `test('a', () => {}); test.only('b', () => {});`;
  const [here, ci] = await Promise.all([run(body), run(body, { env: { ...env, CI: 'true' } })]);
  assert.equal(counts(here), [1, 0, 1]);
  assert.equal(counts(ci), [1, 1, 1]);
});

test('files that share a process are counted each for itself', async () => {
  const results = await runTogether([
    `test('a', () => {}); test('b', () => assert.is(1, 2));`,
    '',
    `test.before(() => {}); test('c', () => {});`,
  ]);
  assert.equal(results.map(counts), [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ]);
  assert.is(results[1]?.problem, 'has no test');
});

test('a file that ends the process they share fails; of those that had no turn it is said that they never ran', async () => {
  const results = await runTogether([
    `test('a', () => {});`,
    `test('b', () => process.exit(0));`,
    `test('c', () => {});`,
  ]);
  assert.equal(results.map(counts), [
    [1, 0, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  assert.match(results[1]?.problem ?? '', /^ended .* before its tests were done$/);
  assert.match(results[2]?.problem ?? '', /^never ran: its process ended \(exit code \d\) in f\d+\.ts$/);
});

test('a file that never ends does not keep the run, and something left open by any of them is found', async () => {
  const [blocked, behind] = await runTogether([`test('a', () => { for (;;); });`, `test('b', () => {});`], {
    env: hasty,
    silenceMs: 2_500,
  });
  assert.match(blocked?.problem ?? '', /^killed: no sign of life/);
  assert.match(behind?.problem ?? '', /^never ran: .*no sign of life/);
  assert.is(behind?.failed, 1);
  const open = await runTogether(
    [`test('a', () => { setInterval(() => {}, 1_000); });`, `test('b', () => {});`],
    {
      lingerMs: 300,
    },
  );
  assert.match(open[1]?.problem ?? '', 'something was left open');
});

interface WholeRun {
  readonly code: number | null;
  readonly lastLine: string | undefined;
  readonly output: string;
}

const runAll = (...filters: readonly string[]): WholeRun => {
  const script = join(paths.root, 'test/support/run.ts');
  const args = ['--import', import.meta.resolve('tsx'), script, '--root', root, ...filters];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { code: done.status, lastLine: done.stdout.trimEnd().split('\n').at(-1), output: done.stdout };
};

test('the last line of a run counts, and the exit code follows it', () => {
  writeFileSync(join(root, 'test/good.unit.test.ts'), `${HEAD}test('a', () => {}); test('b', () => {});`);
  writeFileSync(join(root, 'test/bad.unit.test.ts'), `${HEAD}test('c', () => assert.is(1, 2));`);
  const both = runAll();
  assert.equal([both.code, both.lastLine], [1, '2 passed, 1 failed']);
  assert.match(both.output, 'FAIL test/bad.unit.test.ts');
  const good = runAll('unit', 'good');
  assert.equal([good.code, good.lastLine], [0, '2 passed, 0 failed']);
});

test('a run that finds no test file fails', () => {
  const none = runAll('no-such-file');
  assert.equal([none.code, none.lastLine], [1, '0 passed, 1 failed']);
});

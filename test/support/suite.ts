import './defer-uvu.ts';
import { pathToFileURL } from 'node:url';
import { exec, suite as uvuSuite } from 'uvu';
import * as uvuAssert from 'uvu/assert';
import { patience } from '../../infra/local/wait-until.ts';
import type { Report, Sign } from './report.ts';

/** uvu's assertions; annotated, because TypeScript requires it of functions that narrow types. */
export const assert: typeof uvuAssert = uvuAssert;

type Body = () => void | Promise<void>;

export interface TestOptions {
  readonly timeoutMs?: number;
}

export interface Hook {
  (body: Body): void;
  readonly each: (body: Body) => void;
}

export interface Suite {
  (promise: string, body: Body, options?: TestOptions): void;
  /** For work in progress: only these run. Refused if CI is set. */
  readonly only: (promise: string, body: Body, options?: TestOptions) => void;
  readonly before: Hook;
  readonly after: Hook;
}

// The limits fit an otherwise idle machine. Only a test that hangs reaches its limit, so a busy machine gets
// several times as long.
process.env['ONSALE_TEST_PATIENCE'] ??= '6';
const TEST_LIMIT_MS = 20_000;
// Hooks start servers and builds.
const HOOK_LIMIT_MS = 60_000;

/** Set for a process that runs only the tests whose name contains this; the others count as skipped. */
const named = process.env['ONSALE_TEST_NAMED'] ?? '';

const nothing = { planned: 0, passed: 0, brokenHooks: 0, only: 0, unnamed: 0 };
/** Counts of the current file. */
const tally = { ...nothing };
const runs: (() => void)[] = [];
let ofSeveral = false;
let pathNow = '';

const sign = (limitMs: number): void => {
  const it: Sign = { onsaleSign: true, path: pathNow, limitMs };
  process.send?.(it);
};

const within = async (what: string, idleMs: number, body: Body): Promise<void> => {
  const limitMs = Math.round(idleMs * patience());
  sign(limitMs);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
};

// uvu ignores what a hook throws, so it is counted and shown here.
const brokenHook = (what: string, error: unknown): void => {
  tally.brokenHooks += 1;
  process.stderr.write(`\n  FAIL  ${what}\n${error instanceof Error ? error.stack : String(error)}\n`);
};

/** After a failed set-up the following tests must not run. */
const setUp = (what: string, body: Body) => async (): Promise<void> => {
  try {
    await within(what, HOOK_LIMIT_MS, body);
  } catch (error) {
    brokenHook(what, error);
    throw error;
  }
};

/** A failed clean-up must not prevent the other clean-ups. */
const cleanUp = (what: string, body: Body) => async (): Promise<void> => {
  await within(what, HOOK_LIMIT_MS, body).catch((error: unknown) => brokenHook(what, error));
};

const runAll = async (path: string): Promise<void> => {
  const onlyInCi = tally.only > 0 && Boolean(process.env['CI']);
  if (onlyInCi) process.stderr.write('\n  FAIL  only() is for work in progress\n');
  for (const run of runs) run();
  const before = process.exitCode;
  await exec();
  // uvu has set it to 0, and a crash in an exit handler would keep that.
  process.exitCode = before;
  const expected = tally.only > 0 ? tally.only : tally.planned;
  const report: Report = {
    onsaleReport: true,
    path,
    passed: tally.passed,
    failed: expected - tally.passed + tally.brokenHooks + (onlyInCi ? 1 : 0),
    left: tally.planned - expected + tally.unnamed,
  };
  if (report.failed > 0 || expected === 0) process.exitCode = 1;
  process.send?.(report);
};

/**
 * Runs the tests once the file is fully evaluated, top-level awaits included, so no file has to call run().
 */
const runWhenLoaded = async (path: string): Promise<void> => {
  pathNow = path;
  sign(0);
  try {
    await import(pathToFileURL(path).href);
    await runAll(path);
  } catch (error) {
    brokenHook(path, error);
    process.exitCode = 1;
  }
};

/**
 * Runs test files one after the other in this process; each reports for itself. A file that cannot be loaded
 * fails, and the next one runs.
 */
export const runTestFiles = async (paths: readonly string[]): Promise<void> => {
  ofSeveral = true;
  for (const path of paths) {
    Object.assign(tally, nothing);
    runs.length = 0;
    Object.assign(globalThis, { UVU_QUEUE: [['']] });
    await runWhenLoaded(path);
  }
};

const ownFile = (): string => {
  const path = process.argv[1];
  if (path === undefined) throw new Error('suites run in a file of their own');
  return path;
};

/**
 * A thin suite over uvu: the same style, with a time limit per test, hooks whose failures are reported, and
 * no call needed at the end. A test file runs by the runner or by `node --import tsx <file>`.
 */
export const suite = (name: string, { timeoutMs = TEST_LIMIT_MS }: TestOptions = {}): Suite => {
  const inner = uvuSuite(name);
  if (runs.length === 0 && !ofSeveral) void runWhenLoaded(ownFile());
  runs.push(() => inner.run());

  const counted = (promise: string, body: Body, options: TestOptions) => async (): Promise<void> => {
    await within(`"${promise}"`, options.timeoutMs ?? timeoutMs, body);
    tally.passed += 1;
  };
  const test = (promise: string, body: Body, options: TestOptions = {}): void => {
    if (!promise.includes(named)) {
      tally.unnamed += 1;
      return;
    }
    tally.planned += 1;
    inner(promise, counted(promise, body, options));
  };
  const only = (promise: string, body: Body, options: TestOptions = {}): void => {
    tally.planned += 1;
    tally.only += 1;
    inner.only(promise, counted(promise, body, options));
  };
  const hooks = (key: 'before' | 'after', guard: typeof setUp): Hook =>
    Object.assign((body: Body) => inner[key](guard(`${key} hook of ${name}`, body)), {
      each: (body: Body) => inner[key].each(guard(`${key}.each hook of ${name}`, body)),
    });
  return Object.assign(test, { only, before: hooks('before', setUp), after: hooks('after', cleanUp) });
};

/** A test file's message to the runner when it starts, and when each of its tests and hooks starts. */
export interface Sign {
  readonly onsaleSign: true;
  /** The test file, as named by the runner. */
  readonly path: string;
  /** Time limit of the test or hook that starts, ms; 0 for loading the file. */
  readonly limitMs: number;
}

/** A test file's message to the runner once all of it has run, and only then. */
export interface Report {
  readonly onsaleReport: true;
  /** The test file, as named by the runner. */
  readonly path: string;
  readonly passed: number;
  readonly failed: number;
  /** Number of tests skipped by `only`. */
  readonly left: number;
}

/** Parses a message of the child process; undefined unless it is a complete sign. */
export const parseSign = (message: unknown): Sign | undefined => {
  if (typeof message !== 'object' || message === null || !('onsaleSign' in message)) return undefined;
  if (!('path' in message && 'limitMs' in message)) return undefined;
  const { path, limitMs } = message;
  return typeof path === 'string' && isCount(limitMs) ? { onsaleSign: true, path, limitMs } : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

/** Parses a message of the child process; undefined unless it is a complete report. */
export const parseReport = (message: unknown): Report | undefined => {
  if (typeof message !== 'object' || message === null || !('onsaleReport' in message)) return undefined;
  if (!('path' in message && 'passed' in message && 'failed' in message && 'left' in message))
    return undefined;
  const { path, passed, failed, left } = message;
  return typeof path === 'string' && isCount(passed) && isCount(failed) && isCount(left)
    ? { onsaleReport: true, path, passed, failed, left }
    : undefined;
};

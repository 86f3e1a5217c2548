/** What a test file tells the runner when it has its turn, and when each of its tests and hooks begins. */
export interface Sign {
  readonly onsaleSign: true;
  /** The test file, as the runner named it. */
  readonly path: string;
  /** How long what begins may take, by its own limit; 0 for loading the file. */
  readonly limitMs: number;
}

/** What a test file tells the runner when, and only when, all of it has run. */
export interface Report {
  readonly onsaleReport: true;
  /** The test file, as the runner named it. */
  readonly path: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests set aside by `only`. */
  readonly left: number;
}

/** Reads a message of the child process; anything but a whole sign is undefined. */
export const parseSign = (message: unknown): Sign | undefined => {
  if (typeof message !== 'object' || message === null || !('onsaleSign' in message)) return undefined;
  if (!('path' in message && 'limitMs' in message)) return undefined;
  const { path, limitMs } = message;
  return typeof path === 'string' && isCount(limitMs) ? { onsaleSign: true, path, limitMs } : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

/** Reads a message of the child process; anything but a whole report is undefined. */
export const parseReport = (message: unknown): Report | undefined => {
  if (typeof message !== 'object' || message === null || !('onsaleReport' in message)) return undefined;
  if (!('path' in message && 'passed' in message && 'failed' in message && 'left' in message))
    return undefined;
  const { path, passed, failed, left } = message;
  return typeof path === 'string' && isCount(passed) && isCount(failed) && isCount(left)
    ? { onsaleReport: true, path, passed, failed, left }
    : undefined;
};

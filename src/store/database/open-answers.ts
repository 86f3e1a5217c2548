import type { Connection } from 'mysql2/promise';

/** Answers that are waited for on one connection. */
export interface PendingAnswers {
  /** The answer, or an error when it has not come by then; the connection is closed in that case. */
  within<T>(limitMs: number, answer: Promise<T>): Promise<T>;
  /** Closes the connection. The driver forgets what was asked there; here it fails. */
  cut(why: string): void;
  /** For how long what is open has been waited for, ms; 0 while nothing is. */
  silentMs(): number;
}

/** The driver's own timeout leaves its timer running when the connection breaks, and the process with it. */
export const pendingAnswersOn = (connection: Pick<Connection, 'destroy'>): PendingAnswers => {
  const open = new Set<(why: Error) => void>();
  let heardAtMs = 0;
  const cut = (why: string): void => {
    connection.destroy();
    for (const fail of open) fail(new Error(why));
  };
  return {
    within: (limitMs, answer) =>
      new Promise((resolve, reject) => {
        if (open.size === 0) heardAtMs = performance.now();
        const timer = setTimeout(() => cut(`the database did not answer within ${limitMs} ms`), limitMs);
        const settle = (): void => {
          clearTimeout(timer);
          open.delete(fail);
          heardAtMs = performance.now();
        };
        const fail = (why: Error): void => {
          settle();
          reject(why);
        };
        open.add(fail);
        answer.then((value) => {
          settle();
          resolve(value);
        }, fail);
      }),
    cut,
    silentMs: () => (open.size === 0 ? 0 : performance.now() - heardAtMs),
  };
};

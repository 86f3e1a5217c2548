import type { Connection } from 'mysql2/promise';

/** The answers of one connection that have not come yet. */
export interface PendingAnswers {
  /** Resolves to the answer. Rejects when it has not come within the limit, and closes the connection. */
  within<T>(limitMs: number, answer: Promise<T>): Promise<T>;
  /** Closes the connection and fails its open statements, which the driver would leave unsettled. */
  cut(why: string): void;
  /** The time since the last answer while a statement is open, ms; 0 while none is. */
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

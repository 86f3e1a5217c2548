import type { WaitLimit } from '../../shared/wait-limit.ts';

/** Why a read was given up. */
export type UnansweredReason =
  /** As many reads as may wait were waiting already. */
  | 'queue-full'
  /** The database did not answer in time. */
  | 'no-answer';

/** A read was given up. Nothing is known about what it would have found. */
export class ReadUnanswered extends Error {}

export interface WaitingReadsOptions {
  /** The maximum number of callers that wait for the database. */
  readonly max: number;
  readonly onUnanswered?: (why: UnansweredReason, callers: number) => void;
}

/**
 * The callers of a process that wait for the database, in whatever queue. A database that stops answering would otherwise
 * collect callers without end: each one costs memory, and is asked for when the database is back although nobody waits for it.
 */
export interface WaitingReads {
  readonly count: () => number;
  /** Counts a caller, or returns the error that it gets because the maximum is reached. */
  readonly enter: () => ReadUnanswered | undefined;
  /** These callers have their answer. */
  readonly leave: (callers: number) => void;
  /** These callers wait no longer. Returns the error that they get. */
  readonly giveUp: (callers: number) => ReadUnanswered;
  /** Counts one caller while it reads. Rejects after the limit; the read itself goes on. */
  readonly during: <T>(limit: WaitLimit, read: () => Promise<T>) => Promise<T>;
}

export const newWaitingReads = ({
  max,
  onUnanswered = () => undefined,
}: WaitingReadsOptions): WaitingReads => {
  let callers = 0;
  const enter = (): ReadUnanswered | undefined => {
    if (callers >= max) {
      onUnanswered('queue-full', 1);
      return new ReadUnanswered(`${max} reads wait for the database already`);
    }
    callers += 1;
    return undefined;
  };
  const leave = (count: number): void => {
    callers -= count;
  };
  const giveUp = (count: number): ReadUnanswered => {
    callers -= count;
    onUnanswered('no-answer', count);
    return new ReadUnanswered('the database did not answer in time');
  };
  const limited = <T>(limit: WaitLimit, answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      let isOpen = true;
      const close = (): boolean => {
        endWait();
        const wasOpen = isOpen;
        isOpen = false;
        return wasOpen;
      };
      const endWait = limit.begin(() => {
        if (close()) reject(giveUp(1));
      });
      answer.finally(() => close() && leave(1)).then(resolve, reject);
    });
  return {
    count: () => callers,
    enter,
    leave,
    giveUp,
    during: async (limit, read) => {
      const refusal = enter();
      if (refusal) throw refusal;
      return await limited(limit, read());
    },
  };
};

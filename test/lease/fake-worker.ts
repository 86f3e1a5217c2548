import type { Logger } from '../../src/domain/ports.ts';
import type { Lease, PartitionWorker, WorkEnd } from '../../src/lease/contract.ts';

/** The work on one partition, as a test sees and controls it. */
export interface FakeWork {
  readonly lease: Lease;
  readonly isHeld: () => boolean;
  stopped: boolean;
  over: boolean;
  end(how: WorkEnd): void;
}

export interface FakeWorker {
  readonly worker: PartitionWorker;
  /** All work ever started, the oldest first. */
  readonly all: readonly FakeWork[];
  readonly current: () => readonly FakeWork[];
  readonly on: (partition: number) => FakeWork | undefined;
}

export interface FakeWorkerOptions {
  /** When false, the work continues after stop() until the test ends it. */
  readonly obeys?: (partition: number) => boolean;
  readonly lastProgressMs: (partition: number) => number;
}

/** Work that does nothing until the test says how it ends. */
export const newFakeWorker = ({ obeys = () => true, lastProgressMs }: FakeWorkerOptions): FakeWorker => {
  const all: FakeWork[] = [];
  const worker: PartitionWorker = (lease, isHeld) => {
    const { promise, resolve } = newEnding();
    const work: FakeWork = {
      lease,
      isHeld,
      stopped: false,
      over: false,
      end: (how) => {
        work.over = true;
        resolve(how);
      },
    };
    all.push(work);
    const stop = (): void => {
      work.stopped = true;
      if (obeys(lease.partition)) work.end('left');
    };
    return { ended: promise, stop, lastProgressMs: () => lastProgressMs(lease.partition) };
  };
  const current = (): readonly FakeWork[] => all.filter(({ over }) => !over);
  return {
    worker,
    all,
    current,
    on: (partition) => current().find((each) => each.lease.partition === partition),
  };
};

const newEnding = (): { promise: Promise<WorkEnd>; resolve: (end: WorkEnd) => void } => {
  let resolve: (end: WorkEnd) => void = () => undefined;
  const promise = new Promise<WorkEnd>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

export interface LogBook {
  readonly logger: Logger;
  readonly lines: readonly string[];
  readonly saying: (part: string) => readonly string[];
}

/** Keeps what was logged at info and above. */
export const newLogBook = (): LogBook => {
  const lines: string[] = [];
  const write = (_fields: object, message: string): void => {
    lines.push(message);
  };
  const logger: Logger = { debug: () => undefined, info: write, warn: write, error: write };
  return { logger, lines, saying: (part) => lines.filter((line) => line.includes(part)) };
};

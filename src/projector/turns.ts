import { newDeferred } from '../shared/deferred.ts';
import { type Commits, newSharedCommit } from './commit-batch.ts';
import type { ProjectorDependencies } from './dependencies.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { step } from './step.ts';
import type { Verdict } from './verdict.ts';

/** After so long, a turn keeps those waiting no longer that have no part in it, and its transaction waits for nobody's batch. */
export const turnMsMax = 50;

/**
 * Into how many shares those beside the turns split the limit of a batch. Smaller batches would cost more; with larger ones, the
 * others wait longer for the database and for this process.
 */
const besideMax = 4;

/** A partition that is ready for its next step. Every call resolves to the verdict on that partition's own part of a turn. */
export type TakeTurn = (owned: OwnedPartition) => Promise<Verdict>;

/**
 * The loop of a projector. In each turn all partitions that are ready read, decide, commit in one transaction, and publish: each
 * of these in one write to a server, because they do it at the same moment. A step costs much the same whatever is in it, so this
 * is what many partitions save. A turn begins when a partition is ready and the turn before has ended, or has taken too long;
 * parts of that one which have not ended go on beside it, and those partitions take turns again when their parts have ended.
 * A partition in trouble, or with a backlog, is worked beside the turns of the others until it is well.
 */
export const newTurns = (dependencies: TurnsDependencies): TakeTurn => {
  const { clock } = dependencies;
  const seats: Seat[] = [];
  let isBeginning = false;
  let last: RunningTurn = { beganMs: 0, isOver: true, over: Promise.resolve() };

  const begin = async (): Promise<void> => {
    if (isBeginning) return;
    isBeginning = true;
    try {
      if (!last.isOver) await Promise.race([last.over, clock.sleep(msLeftOf(last, dependencies))]);
      // Whoever gets ready at this moment comes along.
      await clock.sleep(0);
    } finally {
      // All partitions share this: if it were not released, no partition would ever take a turn again.
      isBeginning = false;
    }
    last = turn(dependencies, seats.splice(0));
  };

  let beside = 0;
  const stepBeside = async (owned: OwnedPartition): Promise<Verdict> => {
    beside += 1;
    try {
      shareOut([owned], Math.min(beside, besideMax));
      return await step(owned);
    } finally {
      beside -= 1;
    }
  };

  return async (owned) => {
    if (!isWell(owned)) return await stepBeside(owned);
    const { promise, resolve, reject } = newDeferred<Verdict>();
    seats.push({ owned, resolve, reject });
    begin().catch(reject);
    return await promise;
  };
};

/** Nothing has to be read again, nothing was refused or failed, and there is no backlog. */
const isWell = ({ reset, isBehind, attempt, settings: { batchMax } }: OwnedPartition): boolean =>
  !reset && !isBehind && attempt.refusals === 0 && attempt.max === batchMax;

type TurnsDependencies = Pick<ProjectorDependencies, 'clock' | 'store'>;

interface Seat {
  readonly owned: OwnedPartition;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

interface RunningTurn {
  readonly beganMs: number;
  /** When all parts have ended, or have passed. Never rejects. */
  readonly over: Promise<void>;
  readonly isOver: boolean;
}

const msLeftOf = ({ beganMs }: RunningTurn, { clock }: TurnsDependencies): number =>
  Math.max(0, beganMs + turnMsMax - clock.monotonicMs());

/** One turn of these partitions. Each part ends by itself, with a verdict of its own. */
const turn = ({ clock, store }: TurnsDependencies, seats: readonly Seat[]): RunningTurn => {
  shareOut(seats.map(({ owned }) => owned));
  const commits = newSharedCommit({ store, clock, parts: seats.length, patienceMs: turnMsMax });
  const parts = seats.map((seat) => {
    const own = commits();
    return Promise.race([takePart(seat, own), own.passed]);
  });
  const running = { beganMs: clock.monotonicMs(), isOver: false, over: Promise.resolve() };
  running.over = Promise.all(parts).then(() => {
    running.isOver = true;
  });
  return running;
};

const takePart = async ({ owned, resolve, reject }: Seat, commits: Commits): Promise<void> => {
  try {
    resolve(await step(owned, commits));
  } catch (error) {
    reject(error);
  } finally {
    commits.pass();
  }
};

/** Shares the limit of a turn equally among its partitions, so that one transaction never has more than a batch may have. */
const shareOut = (partitions: readonly OwnedPartition[], parts = partitions.length): void => {
  for (const owned of partitions) owned.share = Math.max(1, Math.floor(owned.settings.batchMax / parts));
};

import { type CompeteOptions, type Contest, newContest, shareUsed, working } from './contest.ts';
import type { Member } from './contract.ts';
import { fairShare } from './fair-share.ts';
import { lookAfter, sayStuck } from './look-after.ts';
import { renewDue } from './renew-due.ts';
import { settleAll } from './settle-all.ts';
import { shuffled } from './shuffled.ts';
import { takeFree } from './take-free.ts';
import { leaveTenure, type Tenure } from './tenure.ts';

export interface Competitor {
  /**
   * Leaves, ends all work after the step in hand and releases each lease as soon as its work has ended. Resolves when
   * that is done, or when what did not end has outlived its lease. Never rejects.
   */
  stop(): Promise<void>;
  /** A server that the work needs is back: what made no progress without it is not sat out any longer. */
  tryAgain(): void;
  /** The partitions worked right now, under a lease that is good. */
  held(): readonly number[];
  /** The partitions left to others because they hold what this version cannot do: reason enough to be not ready. */
  unable(): readonly number[];
  /** The partitions left to whoever works them from another database. */
  elsewhere(): readonly number[];
}

/** One who sits out all its work must not count, or its share would lie idle. */
const tellOthers = async (contest: Contest): Promise<readonly Member[]> => {
  const { id, members, rests } = contest;
  const sitsOutAll = working(contest).length === 0 && rests.of('stalled', 'unable', 'elsewhere').length > 0;
  if (!sitsOutAll) {
    contest.isMember = true;
    return members.heartbeat({ id, held: shareUsed(contest) });
  }
  if (contest.isMember) await members.leave(id);
  contest.isMember = false;
  return [];
};

const giveBack = (contest: Contest, count: number): void => {
  const given = shuffled(working(contest), contest.random).slice(0, count);
  for (const tenure of given) leaveTenure(tenure);
  if (given.length === 0) return;
  contest.logger.info({ partitions: given.map(({ lease }) => lease.partition) }, 'giving back leases');
};

const look = async (contest: Contest): Promise<void> => {
  const { id, partitions } = contest;
  lookAfter(contest);
  const told = tellOthers(contest);
  await settleAll<unknown>([told, renewDue(contest)]);
  if (contest.stopping) return;
  const live = await told;
  const self = { id, held: shareUsed(contest) };
  const share = live.length > 0 ? fairShare({ partitions, self, live }) : { target: 0, giveBack: 0 };
  giveBack(contest, share.giveBack);
  await takeFree(contest, share.target);
};

/** One look, whatever happens in it; returns how long to wait for the next, ms. */
const lookSafely = async (contest: Contest): Promise<number> => {
  try {
    await look(contest);
    contest.outage.over();
    return contest.pace.beatMs * (0.8 + 0.2 * contest.random());
  } catch (error) {
    return contest.outage.failed(error);
  }
};

const run = async (contest: Contest): Promise<void> => {
  while (!contest.stopping) await contest.alarm.wait(await lookSafely(contest));
};

const closedOrExpired = async (contest: Contest, tenure: Tenure): Promise<void> => {
  const { clock } = contest;
  const closed = new AbortController();
  const leftMs = Math.max(0, tenure.deadlineMs - clock.monotonicMs());
  await Promise.race([tenure.closed, clock.sleep(leftMs, closed.signal)]);
  closed.abort();
  // Ended in time and being released: that is bounded by itself.
  if (tenure.phase === 'ended') await tenure.closed;
  else sayStuck(contest, tenure);
};

const stopAll = async (contest: Contest, loop: Promise<void>): Promise<void> => {
  const { id, members, tenures, alarm, logger } = contest;
  contest.stopping = true;
  // Before any lease is free, so that the others already reckon without us when it is.
  const left = members.leave(id).catch((error: unknown) => {
    logger.debug({ err: error }, 'could not say that we leave: silence will say it');
  });
  for (const tenure of tenures.values()) leaveTenure(tenure);
  alarm.ring();
  await loop;
  await Promise.all([left, ...[...tenures.values()].map((tenure) => closedOrExpired(contest, tenure))]);
};

/**
 * Competes for partitions with all other projectors: tells them it is there, renews what it holds, takes what is free
 * up to its fair share and gives back what is another's. Looks several times in a TTL, and at once when something
 * changed. Survives a server that cannot be asked: leases then end by their deadlines, and it starts over.
 */
export const compete = (options: CompeteOptions): Competitor => {
  const contest = newContest(options);
  const { members, alarm, tenures, clock, rests } = contest;
  const stopListening = members.onChange(() => alarm.ring());
  const loop = run(contest);
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopListening();
      stopped ??= stopAll(contest, loop);
      return stopped;
    },
    tryAgain: () => {
      contest.backAtMs = clock.monotonicMs();
      rests.end('stalled');
      alarm.ring();
    },
    held: () => {
      const good = working(contest).filter(({ deadlineMs }) => clock.monotonicMs() < deadlineMs);
      return good.map(({ lease }) => lease.partition).sort((a, b) => a - b);
    },
    elsewhere: () => rests.of('elsewhere').filter((partition) => !tenures.has(partition)),
    unable: () => rests.of('unable').filter((partition) => !tenures.has(partition)),
  };
};

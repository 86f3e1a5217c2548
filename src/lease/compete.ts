import {
  type CompeteOptions,
  type CompetitorState,
  newCompetitorState,
  shareUsed,
  working,
} from './competitor-state.ts';
import type { Member } from './contract.ts';
import { fairShare } from './fair-share.ts';
import { type LeasedWork, leaveWork } from './leased-work.ts';
import { shuffled, takeFreeLeases } from './take-free-leases.ts';
import { allEnded, giveUpOverdue, logStuck, renewDue } from './tend-leases.ts';

export interface Competitor {
  /**
   * Leaves, ends all work after its current step and releases each lease as soon as its work has ended. Resolves when
   * that is done, or when what did not end has outlived its lease. Never rejects.
   */
  stop(): Promise<void>;
  /**
   * Called when a server that the work needs is back. Ends the cooldowns of partitions that made no progress
   * without it.
   */
  tryAgain(): void;
  /** The partitions that are worked right now, under a valid lease. */
  held(): readonly number[];
  /** The partitions left to others because they have entries of a newer version. The process is then not ready. */
  unable(): readonly number[];
  /** The partitions left to projectors that work them from another database. */
  elsewhere(): readonly number[];
}

/**
 * Competes for partitions with all other projectors: sends its heartbeat, renews its leases, takes free ones up to its fair
 * share and releases those above it. Runs a round several times in a TTL, and at once when something changed. While the
 * server is away, leases end by their deadlines; afterwards it starts over.
 */
export const compete = (options: CompeteOptions): Competitor => {
  const state = newCompetitorState(options);
  const { members, alarm, leased, clock, cooldowns } = state;
  const stopListening = members.onChange(() => alarm.ring());
  const loop = run(state);
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopListening();
      stopped ??= stopAll(state, loop);
      return stopped;
    },
    tryAgain: () => {
      state.backAtMs = clock.monotonicMs();
      cooldowns.end('stalled');
      alarm.ring();
    },
    held: () => {
      const good = working(state).filter(({ deadlineMs }) => clock.monotonicMs() < deadlineMs);
      return good.map(({ lease }) => lease.partition).sort((a, b) => a - b);
    },
    elsewhere: () => cooldowns.of('elsewhere').filter((partition) => !leased.has(partition)),
    unable: () => cooldowns.of('unable').filter((partition) => !leased.has(partition)),
  };
};

const run = async (state: CompetitorState): Promise<void> => {
  while (!state.stopping) await state.alarm.wait(await safeRound(state));
};

/** One round, whatever happens in it; returns how long to wait for the next, ms. */
const safeRound = async (state: CompetitorState): Promise<number> => {
  try {
    await round(state);
    state.outage.over();
    return state.pace.roundMs * (0.8 + 0.2 * state.random());
  } catch (error) {
    return state.outage.failed(error);
  }
};

const round = async (state: CompetitorState): Promise<void> => {
  const { id, partitions } = state;
  giveUpOverdue(state);
  const heard = sendHeartbeat(state);
  await allEnded<unknown>([heard, renewDue(state)]);
  if (state.stopping) return;
  const live = await heard;
  const self = { id, held: shareUsed(state) };
  const share = live.length > 0 ? fairShare({ partitions, self, live }) : { target: 0, giveBack: 0 };
  giveBack(state, share.giveBack);
  await takeFreeLeases(state, share.target);
};

/** A projector with every partition in cooldown leaves the membership, so that others take over its share. */
const sendHeartbeat = async (state: CompetitorState): Promise<readonly Member[]> => {
  const { id, members, cooldowns } = state;
  const coolsDownAll =
    working(state).length === 0 && cooldowns.of('stalled', 'unable', 'elsewhere').length > 0;
  if (!coolsDownAll) {
    state.isMember = true;
    return members.heartbeat({ id, held: shareUsed(state) });
  }
  if (state.isMember) await members.leave(id);
  state.isMember = false;
  return [];
};

const giveBack = (state: CompetitorState, count: number): void => {
  const given = shuffled(working(state), state.random).slice(0, count);
  for (const leased of given) leaveWork(leased);
  if (given.length === 0) return;
  state.logger.info(
    { partitions: given.map(({ lease }) => lease.partition) },
    'releasing leases above the fair share',
  );
};

const stopAll = async (state: CompetitorState, loop: Promise<void>): Promise<void> => {
  const { id, members, leased, alarm, logger } = state;
  state.stopping = true;
  // Leaves before any lease is free, so that the others then compute their shares without us.
  const left = members.leave(id).catch((error: unknown) => {
    logger.debug({ err: error }, 'could not announce that we leave; the membership ends by itself');
  });
  for (const each of leased.values()) leaveWork(each);
  alarm.ring();
  await loop;
  await Promise.all([left, ...[...leased.values()].map((each) => closedOrExpired(state, each))]);
};

const closedOrExpired = async (state: CompetitorState, leased: LeasedWork): Promise<void> => {
  const { clock } = state;
  const closed = new AbortController();
  const leftMs = Math.max(0, leased.deadlineMs - clock.monotonicMs());
  await Promise.race([leased.closed, clock.sleep(leftMs, closed.signal)]);
  closed.abort();
  // The work has ended in time and the lease is being released, which has its own time limit.
  if (leased.phase === 'ended') await leased.closed;
  else logStuck(state, leased);
};

/** Begins to compete when `ready` resolves to true; never when it resolves to false. */
export const competeAfter = (
  ready: Promise<boolean>,
  start: () => Competitor,
): Competitor & { readonly hasBegun: () => boolean } => {
  let competitor: Competitor | undefined;
  let isStopped = false;
  const begun = ready.then((mayCompete) => {
    if (mayCompete && !isStopped) competitor = start();
  });
  return {
    hasBegun: () => competitor !== undefined,
    stop: async () => {
      isStopped = true;
      await begun;
      await competitor?.stop();
    },
    held: () => competitor?.held() ?? [],
    unable: () => competitor?.unable() ?? [],
    tryAgain: () => competitor?.tryAgain(),
    elsewhere: () => competitor?.elsewhere() ?? [],
  };
};

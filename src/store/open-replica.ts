import type { Logger } from '../domain/ports.ts';
import { newSilenceLimit } from '../shared/wait-limit.ts';
import type { Reader } from './contract.ts';
import { tookTooLong } from './database/database-error.ts';
import { newSessions, type SessionPool, type Sessions } from './database/session-pool.ts';
import { withSession } from './database/transaction.ts';
import { readerOver, type Store } from './open-store.ts';
import type { WaitingReads } from './read/waiting-reads.ts';
import { newReplicaSampler, openForReading, replicaLimits } from './replica/open-session.ts';
import { type ReplicaStanding, watchReplica } from './replica/watch.ts';

/** Short: what a replica does not answer is asked of the primary then, and its client waits for both. */
const silence = { lookMs: 45, silentLooks: 10, looksMax: 30 };
const WAITERS_MAX = 1_000;

export interface ReplicaOptions {
  readonly url: string;
  readonly poolSize: number;
  /** The greatest age of the replica's data at which it is still read, ms. */
  readonly lagMsMax: number;
  readonly logger: Logger;
  readonly primary: Pick<Store, 'reader' | 'standings'>;
  /** The reads of clients that wait for a database, here or on the primary. */
  readonly reads: WaitingReads;
  /** True while nothing may be read from any server. */
  readonly isHalted: () => boolean;
  /** Called after each read. */
  readonly onRead?: (answeredBy: 'replica' | 'primary') => void;
}

export interface Replica {
  /**
   * Answers from the replica, with data at most `lagMsMax` older than the request. The primary answers if
   * that is not certain, or if the replica fails. A row that is missing on the replica may exist by now; only
   * the primary knows.
   */
  readonly reader: Reader;
  readonly standing: () => ReplicaStanding;
  readonly close: () => Promise<void>;
}

/** Starts to sample the replica and returns at once: until a sample shows that it is good, the primary answers. */
export const openReplica = (options: ReplicaOptions): Replica => {
  const { url, poolSize, lagMsMax, logger, primary, reads, isHalted, onRead = () => undefined } = options;
  const limit = newSilenceLimit(silence);
  const { queryMs: waitMs } = replicaLimits;
  const sessions = newSessions(
    { url, limits: replicaLimits, size: poolSize, waitMs, silence: limit, waitersMax: WAITERS_MAX },
    openForReading(url),
  );
  const look = newReplicaSampler();
  const watch = watchReplica({
    lagMsMax,
    logger,
    askPrimary: primary.standings,
    askReplica: () => withSession(sessions, look),
    onUseless: (why) => sessions.leave(why),
    serverName: () => sessions.standing().server,
  });
  const replica = readerOver(whereGood(sessions, watch.isGood), { poolSize, reads, limit });
  const isUsed = (): boolean => watch.isUsed() && !isHalted();
  const answered = async <Answer>(ask: (reader: Reader) => Promise<Answer>): Promise<Answer> => {
    if (isUsed()) {
      try {
        const answer = await ask(replica);
        onRead('replica');
        return answer;
      } catch (error) {
        // On the primary it would take as long again. Any other fault is found and logged by the next sample.
        if (tookTooLong(error)) throw error;
      }
    }
    onRead('primary');
    return ask(primary.reader);
  };
  return {
    reader: {
      reservation: (id) => answered((reader) => reader.reservation(id)),
      show: (id) => answered((reader) => reader.show(id)),
      shows: (page) => answered((reader) => reader.shows(page)),
      reservations: (query) => answered((reader) => reader.reservations(query)),
      history: (id) => answered((reader) => reader.history(id)),
    },
    standing: watch.standing,
    close: () => {
      watch.close();
      return sessions.close();
    },
  };
};

/** Lends only sessions on the server whose data is proven to be new enough. */
const whereGood = (sessions: SessionPool, isGood: (home: string) => boolean): Sessions => ({
  borrow: async () => {
    const session = await sessions.borrow();
    if (isGood(session.home)) return session;
    sessions.release(session);
    throw new Error('the replica is not known to be new enough');
  },
  release: (session) => sessions.release(session),
  destroy: (session) => sessions.destroy(session),
  open: () => sessions.open(),
  close: () => sessions.close(),
});

import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { LiveClaims } from '../log/contract.ts';

export interface Introduction extends LiveClaims {
  /** Writes a word into the database. Owners that work in this database find it when they check their claims. */
  readonly callRoll: (word: string) => Promise<void>;
  /** The last word that any projector wrote there. */
  readonly roll: () => Promise<string | undefined>;
  readonly projectorId: string;
  readonly partitions: number;
  readonly leaseTtlMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called with true when owners turn out to work in another database, and with false when that has ended. */
  readonly onStrangers?: (strangers: boolean) => void;
}

const checkEveryMs = 200;
/** Owners check their database once a second, between two steps. */
const graceMs = (leaseTtlMs: number): number => 2_000 + leaseTtlMs;

/**
 * Run before a projector joins. Finds out whether the present owners work in this projector's database, or whether this one
 * is a copy of theirs. A fresh copy has every claim of the original, so comparing claims would not show the difference; and
 * once the projector had joined, the owners would release leases for it. So it writes a word into its database and waits
 * until an owner has noted that word in Redis. Resolves to true when an owner has, or when there is no owner; to false when
 * it was stopped first.
 */
export const introduce = async (introduction: Introduction, signal: AbortSignal): Promise<boolean> => {
  const { clock, logger, leaseTtlMs, onStrangers = () => undefined } = introduction;
  const words = new Set<string>();
  const beganMs = clock.monotonicMs();
  let isReported = false;
  while (!signal.aborted) {
    try {
      if (await isSeenByOwners(introduction, words)) {
        if (isReported) onStrangers(false);
        return true;
      }
      if (!isReported && clock.monotonicMs() - beganMs >= graceMs(leaseTtlMs)) {
        isReported = true;
        onStrangers(true);
        logger.error(
          {},
          'two-databases: partitions are worked from another database than this one: this projector does not join until that ends',
        );
      }
    } catch (err) {
      logger.debug({ err }, 'could not determine which database the owners use, trying again');
    }
    await clock.sleep(checkEveryMs, signal);
  }
  return false;
};

/** A word that replaced ours was written into this database by another projector that is joining, so it counts as well. */
const isSeenByOwners = async (introduction: Introduction, words: Set<string>): Promise<boolean> => {
  const { projectorId, partitions, random } = introduction;
  if (words.size === 0) {
    const word = `${projectorId}:${Math.floor(random() * 2 ** 48).toString(36)}`;
    await introduction.callRoll(word);
    words.add(word);
  }
  const live = await introduction.liveClaims(partitions);
  if (live.length === 0) return true;
  const last = await introduction.roll();
  if (last !== undefined) words.add(last);
  return live.some(({ roll }) => roll !== undefined && words.has(roll));
};

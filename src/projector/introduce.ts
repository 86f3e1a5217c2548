import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { LiveClaims } from '../log/contract.ts';

export interface Introduction extends LiveClaims {
  /** Leaves a word in the database that owners at work find beside their claims, if they stand there. */
  readonly callRoll: (word: string) => Promise<void>;
  /** The last word that anybody left there. */
  readonly roll: () => Promise<string | undefined>;
  readonly projectorId: string;
  readonly partitions: number;
  readonly leaseTtlMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Told whenever it changes: that owners at work stand in another database, or that they do no more. */
  readonly onStrangers?: (strangers: boolean) => void;
}

const checkEveryMs = 200;
/** Owners look at their database once a second, between two steps. */
const graceMs = (leaseTtlMs: number): number => 2_000 + leaseTtlMs;

/**
 * Before a projector joins: finds out whether the owners at work stand in its database, or in one that it is a copy of. A
 * copy that was just made has every claim of the original, so comparing claims would not tell; and once it had joined, the
 * original would make room for it. So it leaves a word in its database, and waits until an owner has noted it in Redis.
 * Resolves to true when one has, or when nobody is at work; to false when it was stopped before.
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
          'two-databases: partitions are worked from another database than this one: this projector does not join while they are',
        );
      }
    } catch (err) {
      logger.debug({ err }, 'could not find out which database the owners at work stand in, trying again');
    }
    await clock.sleep(checkEveryMs, signal);
  }
  return false;
};

/** Whatever else is found in this database after our word was left there later by somebody who calls the roll as well. */
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

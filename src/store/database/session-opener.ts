import { asError, isOtherSide } from './database-error.ts';
import { type DatabaseCheck, DatabaseRefused, type OpenedSession, type SessionOpening } from './session.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A session with the generation it was opened for; it ends with that. */
export interface Member {
  readonly session: OpenedSession;
  readonly generation: number;
}

export type OpenSession = (opening: SessionOpening) => Promise<OpenedSession>;

export interface OpenerOptions {
  readonly open: OpenSession;
  readonly check: DatabaseCheck | undefined;
  readonly where: Whereabouts;
  /** Whether no session is open that a new one would have to be with. */
  readonly isAlone: () => boolean;
  /** What is open belongs to the past. */
  readonly onLeft: () => void;
  readonly onRefused: (why: Error) => void;
}

export interface Opener {
  /** On the server where all the others are. */
  here(): Promise<Member>;
  /** On whichever server the name leads to now. */
  anywhere(): Promise<Member>;
  /** Gives up the server of this generation, unless that was done. */
  leave(why: string, generation: number): void;
}

/** Where a balancer stands behind the name, one of so many connections comes to the server of the others. */
const strayMax = 4;
const openingsMax = 3 * strayMax;

/**
 * Opens the sessions of a pool, all of one generation on one server. One that comes elsewhere is tried again, since a balancer
 * may stand behind the name; when every one comes elsewhere the name has moved, and those that stayed behind are given up.
 */
export const newOpener = ({ open, check, where, isAlone, onLeft, onRefused }: OpenerOptions): Opener => {
  const leave = (why: string, generation: number): void => {
    if (generation !== where.generation()) return;
    where.left(why);
    onLeft();
  };
  const onError = (error: unknown, generation: number): void => {
    // Where everybody knows that nothing can be written, being told so once more is no news.
    if (isOtherSide(error) && !where.standing().isReadOnly) leave(asError(error).message, generation);
  };
  const anywhere = async (): Promise<Member> => {
    const generation = where.generation();
    try {
      return {
        generation,
        session: await open({ generation, check, onError: (error) => onError(error, generation) }),
      };
    } catch (error) {
      if (error instanceof DatabaseRefused) {
        where.refused(error);
        onRefused(error);
      } else where.failed();
      throw error;
    }
  };
  const here = async (): Promise<Member> => {
    const strays: Member[] = [];
    try {
      for (let openings = 0; openings < openingsMax; openings += 1) {
        const member = await anywhere();
        const { server } = member.session;
        const isOfNow = member.generation === where.generation();
        if (isOfNow && where.isHere(server)) {
          where.arrived(server);
          return member;
        }
        strays.push(member);
        if (isOfNow && (isAlone() || where.isTroubled() || strays.length >= strayMax))
          leave(`DATABASE_URL leads to ${server.name} now`, member.generation);
      }
      throw new Error('the name in DATABASE_URL leads to another server every time: let it lead to one');
    } finally {
      for (const { session } of strays) session.end();
    }
  };
  return { here, anywhere, leave };
};

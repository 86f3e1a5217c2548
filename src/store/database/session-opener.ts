import { asError, isOtherSide } from './database-error.ts';
import { type DatabaseCheck, DatabaseRefused, type OpenedSession, type SessionOpening } from './session.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A session and the generation of the pool it belongs to; it ends with that generation. */
export interface Member {
  readonly session: OpenedSession;
  readonly generation: number;
}

export type OpenSession = (opening: SessionOpening) => Promise<OpenedSession>;

export interface OpenerOptions {
  readonly open: OpenSession;
  readonly check: DatabaseCheck | undefined;
  readonly where: Whereabouts;
  /** Whether no other session is open, so that a new one may be on any server. */
  readonly isAlone: () => boolean;
  /** The server was given up: open sessions belong to a past generation. */
  readonly onLeft: () => void;
  readonly onRefused: (why: Error) => void;
}

export interface Opener {
  /** Opens a session on the server where all the others are. */
  here(): Promise<Member>;
  /** Opens a session on whichever server the name leads to now. */
  anywhere(): Promise<Member>;
  /** Gives up the server of this generation, unless that has been done. */
  leave(why: string, generation: number): void;
}

/**
 * With a load balancer, at least one of this many connections is expected to reach the server of the others.
 */
const strayMax = 4;
const openingsMax = 3 * strayMax;

/**
 * Opens the sessions of a pool, all of one generation on one server. A connection that reaches another server
 * is tried again, because the name may belong to a load balancer. When every one reaches another server, the
 * name has moved: the sessions on the former server are given up.
 */
export const newOpener = ({ open, check, where, isAlone, onLeft, onRefused }: OpenerOptions): Opener => {
  const leave = (why: string, generation: number): void => {
    if (generation !== where.generation()) return;
    where.left(why);
    onLeft();
  };
  const onError = (error: unknown, generation: number): void => {
    // While the server is known to be read-only, the error adds nothing.
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

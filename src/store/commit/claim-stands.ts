import type { Clock } from '../../domain/ports.ts';
import type { Claim, PartitionStore } from '../contract.ts';
import { isNull, numberIn, textIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { isOnClaimsServer } from './on-claims-server.ts';

const findStandingClaims = loadSql('commit/find-standing-claims');

/** A claim, and the position of its partition as its owner knows it. */
export interface Standpoint {
  readonly claim: Claim;
  readonly position: number;
}

type Standing = NonNullable<Awaited<ReturnType<PartitionStore['stands']>>>;

/** Those that stand. A plain read: a claim that does not stand never stands again. */
export const findStanding = (
  sessions: Sessions,
  standpoints: readonly Standpoint[],
): Promise<ReadonlyMap<Standpoint, Standing>> =>
  readWithRetry(sessions, (session) => standingOn(session, standpoints));

/**
 * The claim may match on another server too. That server is a copy, older or newer than what the owner has
 * read.
 */
const standingOn = async (
  session: Session,
  standpoints: readonly Standpoint[],
): Promise<ReadonlyMap<Standpoint, Standing>> => {
  const here = standpoints.filter(({ claim }) => isOnClaimsServer(session, claim));
  const standing = new Map<Standpoint, Standing>();
  for (const row of await session.rows(findStandingClaims, [JSON.stringify(here.map(valuesOf))])) {
    const standpoint = here[numberIn(row, 'nth') - 1];
    if (standpoint) standing.set(standpoint, isNull(row, 'roll') ? {} : { roll: textIn(row, 'roll') });
  }
  return standing;
};

const valuesOf = ({
  claim: { partition, epoch, token },
  position,
}: Standpoint): readonly (number | string)[] => [partition, epoch, token, position];

/** Claims that are asked about together. */
interface Group {
  readonly standpoints: Standpoint[];
  readonly answers: Promise<ReadonlyMap<Standpoint, Standing>>;
}

/** One statement for all claims that are asked about in one turn of the event loop: the owners of a process ask at the same moment. */
export const newClaimStands = (sessions: Sessions, clock: Clock): PartitionStore['stands'] => {
  let next: Group | undefined;
  const newGroup = (): Group => {
    const standpoints: Standpoint[] = [];
    const answers = clock.sleep(0).then(() => {
      next = undefined;
      return findStanding(sessions, standpoints);
    });
    return { standpoints, answers };
  };
  return async (claim, position) => {
    const standpoint = { claim, position };
    next ??= newGroup();
    next.standpoints.push(standpoint);
    return (await next.answers).get(standpoint);
  };
};

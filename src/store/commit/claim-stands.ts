import { Buffer } from 'node:buffer';
import type { Claim, PartitionStore } from '../contract.ts';
import { isNull, textIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { isOnClaimsServer } from './on-claims-server.ts';

const findClaim = loadSql('commit/find-claim');

/**
 * The claim may match on another server too. That server is a copy, older or newer than what the owner has
 * read.
 */
export const claimStands = async (
  sessions: Sessions,
  claim: Claim,
  position: number,
): ReturnType<PartitionStore['stands']> => {
  const { partition, epoch, token } = claim;
  const values = [String(partition), String(epoch), Buffer.from(token, 'hex'), String(position)];
  const [row] = await readWithRetry(sessions, async (session) =>
    isOnClaimsServer(session, claim) ? await session.rows(findClaim, values) : [],
  );
  return row && (isNull(row, 'roll') ? {} : { roll: textIn(row, 'roll') });
};

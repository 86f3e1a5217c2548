import { Buffer } from 'node:buffer';
import type { Claim } from './contract.ts';
import { read } from './read.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const findClaim = sentence('find-claim');

export const claimStands = async (
  sessions: Sessions,
  { partition, epoch, token }: Claim,
  position: number,
): Promise<boolean> => {
  const values = [String(partition), String(epoch), Buffer.from(token, 'hex'), String(position)];
  const rows = await read(sessions, (session) => session.rows(findClaim, values));
  return rows.length > 0;
};

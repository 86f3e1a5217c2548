import { askMariadb } from '../support/ask-mariadb.ts';
import type { OwnServer } from '../support/servers.ts';

/** The position of each partition. */
export type Positions = ReadonlyMap<number, number>;

export interface DecisionRecord {
  readonly requestId: string;
  readonly type: string;
}

export const positionsIn = async (server: OwnServer): Promise<Positions> => {
  const rows = await askMariadb(server, 'SELECT id, position FROM onsale.partitions');
  return new Map(rows.map(({ id, position }) => [Number(id), Number(position)]));
};

/** A server's decisions about requests after these positions. */
export const decidedBehind = async (
  server: OwnServer,
  positions: Positions,
): Promise<readonly DecisionRecord[]> => {
  const decided: DecisionRecord[] = [];
  for (const [partition, position] of positions) {
    const rows = await askMariadb(
      server,
      'SELECT LOWER(HEX(request_id)) AS id, type FROM onsale.journal ' +
        `WHERE partition_id = ${partition} AND position > ${position} AND request_id IS NOT NULL`,
    );
    decided.push(...rows.map(({ id, type }) => ({ requestId: String(id), type: String(type) })));
  }
  return decided;
};

export interface RedecisionReport {
  readonly again: number;
  /** Requests that were decided differently, with both decisions. */
  readonly otherwise: readonly string[];
  readonly never: readonly string[];
}

export const remade = async (
  server: OwnServer,
  lost: readonly DecisionRecord[],
): Promise<RedecisionReport> => {
  const otherwise: string[] = [];
  const never: string[] = [];
  for (const { requestId, type } of lost) {
    const [row] = await askMariadb(
      server,
      `SELECT type FROM onsale.journal WHERE request_id = UNHEX('${requestId}')`,
    );
    if (row === undefined) never.push(requestId);
    else if (row['type'] !== type) otherwise.push(`${requestId}: ${type}, now ${String(row['type'])}`);
  }
  return { again: lost.length - otherwise.length - never.length, otherwise, never };
};

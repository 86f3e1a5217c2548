import { hash } from 'node:crypto';
import type { SeenDecision } from '../../domain/feed/feed-item.ts';
import { newRowReader, type ReadableRow, type SelectedRow } from '../database/column-types.ts';
import { numberIn, type Row } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { streamIdFrom } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { journal } from '../schema.ts';

const findSeen = loadSql('feed/find-seen');

/** What tells one decision from another at the same position. It contains nothing of the customer, so forgetting one changes none. */
export const identityColumns = {
  position: journal.position,
  type: journal.type,
  requestId: journal.requestId,
  streamMs: journal.streamMs,
  streamSeq: journal.streamSeq,
  decidedAtMs: journal.decidedAtMs,
};

export type DecisionIdentity = ReadableRow<SelectedRow<typeof identityColumns>>;

export const digestOf = (partition: number, row: DecisionIdentity): string => {
  const streamId = streamIdFrom(row.streamMs, row.streamSeq) ?? '';
  const text = `${partition} ${row.position} ${row.type} ${row.requestId ?? ''} ${streamId} ${row.decidedAtMs}`;
  return hash('sha256', text).slice(0, 8);
};

const readIdentity = newRowReader(identityColumns);

/** The partitions whose decision at the seen position is gone or has other content. */
export const changedSince = async (
  session: Session,
  seen: ReadonlyMap<number, SeenDecision>,
): Promise<readonly number[]> => {
  if (seen.size === 0) return [];
  const asked = [...seen].map(([partition, { position }]) => [partition, position]);
  const rows = await session.rows(findSeen, [JSON.stringify(asked)]);
  const digests = new Map(rows.map(digestIn));
  return [...seen].filter(([id, { digest }]) => digests.get(id) !== digest).map(([id]) => id);
};

const digestIn = (row: Row): readonly [number, string] => {
  const partition = numberIn(row, 'partition_id');
  return [partition, digestOf(partition, readIdentity(row))];
};

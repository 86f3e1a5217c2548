import { Buffer } from 'node:buffer';
import type { StreamId } from '../domain/stream-id.ts';
import { halvesOf } from './parameter.ts';
import {
  type ParkedPlace,
  type ParkedRecord,
  type ParkedState,
  parkedRecordOf,
  parseParkedState,
} from './parked-record.ts';
import { numberIn, parsedIn, textIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';

const listParked = sentence('list-parked');
const findParked = sentence('find-parked');
const groupParked = sentence('group-parked');

export interface ParkedFilter {
  readonly partition?: number;
  /** A part of it. */
  readonly reason?: string;
}

export interface ParkedPage extends ParkedFilter {
  /** Only what somebody has to send again: neither sent nor decided. */
  readonly waiting: boolean;
  /** Those that were dismissed as well. */
  readonly dismissed?: boolean;
  readonly after?: ParkedPlace;
  readonly limit: number;
  /** How much of each entry is wanted. */
  readonly bytesMax: number;
}

export interface ParkedGroup {
  readonly reason: string;
  readonly state: ParkedState;
  readonly entries: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** By partition, the oldest first. */
export const readParked = async (session: Session, page: ParkedPage): Promise<readonly ParkedRecord[]> => {
  const { after, waiting, dismissed = false, limit, bytesMax } = page;
  const from = after
    ? [String(after.partition), ...halvesOf(after.streamId), after.sha256]
    : ['0', '0', '0', Buffer.alloc(0)];
  const kinds = [waiting, dismissed].map((is) => (is ? '1' : '0'));
  const values = [String(bytesMax), ...from, ...filterOf(page), ...kinds, String(limit)];
  return (await session.rows(listParked, values)).map(parkedRecordOf);
};

/** All of what is parked in one place. */
export const readParkedAt = async (
  session: Session,
  { partition, streamId }: { readonly partition: number; readonly streamId: StreamId },
): Promise<readonly ParkedRecord[]> =>
  (await session.rows(findParked, [String(partition), ...halvesOf(streamId)])).map(parkedRecordOf);

export const readParkedGroups = async (
  session: Session,
  filter: ParkedFilter,
): Promise<readonly ParkedGroup[]> => {
  const rows = await session.rows(groupParked, filterOf(filter));
  return rows.map((row) => ({
    reason: textIn(row, 'reason'),
    state: parsedIn(row, 'state', parseParkedState),
    entries: numberIn(row, 'entries'),
    oldestMs: numberIn(row, 'oldest_ms'),
    newestMs: numberIn(row, 'newest_ms'),
  }));
};

const filterOf = ({ partition, reason }: ParkedFilter): readonly (string | null)[] => {
  const only = partition === undefined ? null : String(partition);
  const part = reason ?? null;
  return [only, only, part, part];
};

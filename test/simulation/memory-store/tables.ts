import type { Row } from '../../../src/store/database/columns.ts';
import { Table } from './table.ts';

/**
 * Rows as they are stored: columns have the names of the schema, BINARY is hex. BIGINT is a number for our
 * own counters, and decimal text where it may exceed 2^53.
 */

/** All columns that the statements about it name. */
export type PartitionRow = Row & { readonly id: number };

export interface SettingRow {
  readonly name: string;
  readonly value: string;
}

export interface JournalRow {
  readonly partition_id: number;
  readonly position: number;
  readonly request_id: string | null;
  readonly type: string;
  readonly show_id: string | null;
  readonly stream_ms: string | null;
  readonly stream_seq: string | null;
  readonly decided_at_ms: number;
  readonly judged_at_ms: number | null;
  readonly late: number;
  readonly data: string;
}

export interface ShowRow {
  readonly id: string;
  readonly partition_id: number;
  readonly name: string;
  readonly revision: number;
  readonly opened_at_ms: number;
  readonly rules: string;
}

export interface PoolRow {
  readonly show_id: string;
  readonly pool_id: string;
  readonly partition_id: number;
  readonly ordinal: number;
  readonly name: string;
  readonly capacity: number;
  readonly target: number | null;
  readonly held: number;
  readonly confirmed: number;
  readonly as_of_ms: number;
}

export interface ReservationRow {
  readonly id: string;
  readonly partition_id: number;
  readonly show_id: string;
  readonly customer_id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly pool_id: string | null;
  readonly line_list: string;
  readonly reference: string | null;
  readonly requested_ms: string;
  readonly requested_seq: string;
  readonly decided_at_ms: number | null;
  readonly expires_at_ms: number | null;
  readonly extended: number;
  readonly changed_at_ms: number | null;
  readonly first_id: string | null;
}

export interface ReservationDecisionRow {
  readonly reservation_id: string;
  readonly partition_id: number;
  readonly position: number;
}

export interface HoldRow {
  readonly reservation_id: string;
  readonly partition_id: number;
  readonly expires_at_ms: number;
}

export interface RequestKeyRow {
  readonly key_hash: string;
  readonly request_id: string;
  readonly fingerprint: string;
  readonly made_at_ms: number;
}

export interface ParkedRow {
  readonly partition_id: number;
  readonly stream_ms: string;
  readonly stream_seq: string;
  readonly sha256: string;
  readonly request_id: string | null;
  readonly raw: string;
  readonly reason: string;
  readonly attempts: number;
  readonly redriven_as: string | null;
  readonly parked_at_ms: number;
}

export const poolKey = (showId: string, poolId: string): string => `${showId} ${poolId}`;
export const journalKey = (partition: number, position: number): string => `${partition}/${position}`;

const byPartition = { partition: (row: { readonly partition_id: number }) => String(row.partition_id) };

export const newTables = () => ({
  partitions: new Table<PartitionRow>({ name: 'partitions', primary: ({ id }) => String(id) }),
  settings: new Table<SettingRow>({ name: 'settings', primary: ({ name }) => name }),
  journal: new Table<JournalRow>({
    name: 'journal',
    primary: (row) => journalKey(row.partition_id, row.position),
    unique: { name: 'journal_request', of: (row) => row.request_id },
    groups: byPartition,
  }),
  shows: new Table<ShowRow>({ name: 'shows', primary: ({ id }) => id, groups: byPartition }),
  pools: new Table<PoolRow>({
    name: 'pools',
    primary: (row) => poolKey(row.show_id, row.pool_id),
    groups: { show: (row) => row.show_id },
  }),
  reservations: new Table<ReservationRow>({
    name: 'reservations',
    primary: ({ id }) => id,
    groups: { customer: (row) => row.customer_id, show: (row) => row.show_id },
  }),
  reservationDecisions: new Table<ReservationDecisionRow>({
    name: 'reservation_decisions',
    primary: (row) => `${row.reservation_id} ${row.position}`,
    groups: { reservation: (row) => row.reservation_id },
  }),
  holds: new Table<HoldRow>({
    name: 'holds',
    primary: (row) => row.reservation_id,
    groups: byPartition,
  }),
  requestKeys: new Table<RequestKeyRow>({ name: 'request_keys', primary: (row) => row.key_hash }),
  parked: new Table<ParkedRow>({
    name: 'parked',
    primary: (row) => `${row.partition_id} ${row.stream_ms}-${row.stream_seq} ${row.sha256}`,
    groups: { ...byPartition, request: (row) => row.request_id },
  }),
});

export type Tables = ReturnType<typeof newTables>;

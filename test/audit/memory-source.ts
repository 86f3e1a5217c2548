import type { AuditedParking, AuditedPartition, AuditSource } from '../../src/audit/contract.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { compareStreamIds } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { newReplay, replayEntry } from '../support/replay.ts';

/** All data of one partition. */
export interface Remains {
  readonly partition: AuditedPartition;
  readonly journal: readonly JournalEntry[];
  readonly stream: readonly ReadEntry[];
  readonly parked: readonly AuditedParking[];
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly holds: ReadonlyMap<ReservationId, number>;
  /** Positions of all decisions about reservations, except those on the reservation's own request. */
  readonly laterDecisions: ReadonlySet<number>;
  readonly keys: ReadonlyMap<string, RequestId>;
}

type Told = Pick<Remains, 'partition' | 'journal' | 'stream'> & Partial<Pick<Remains, 'parked'>>;

/** Builds the tables from the journal; a test that needs wrong tables changes the result. */
export const remainsOf = ({ partition, journal, stream, parked = [] }: Told): Remains => {
  const tables = newReplay();
  for (const entry of journal) replayEntry(tables, entry);
  const live = [...tables.reservations.values()].filter(({ status }) => status === 'held');
  const keys = journal.flatMap(({ key, requestId }) =>
    key && requestId ? [[key.hash, requestId] as const] : [],
  );
  return {
    partition,
    journal,
    stream,
    parked,
    ...tables,
    holds: new Map(live.map(({ id, expiresAtMs = 0 }) => [id, expiresAtMs])),
    laterDecisions: new Set(journal.filter(isLater).map(({ position }) => position)),
    keys: new Map(keys),
  };
};

const isLater = ({ decision, requestId }: JournalEntry): boolean =>
  'reservationId' in decision && decision.reservationId !== undefined && decision.reservationId !== requestId;

const chosen = <Key, Value>(from: ReadonlyMap<Key, Value>, keys: readonly Key[]): ReadonlyMap<Key, Value> => {
  const wanted = new Set(keys);
  return new Map([...from].filter(([key]) => wanted.has(key)));
};

export const sourceOf = (it: Remains): AuditSource => {
  const placesOf = (id: RequestId) =>
    it.journal
      .filter(({ requestId }) => requestId === id)
      .map((entry) => ({ ...entry, partition: it.partition.partition }));
  return {
    partitions: async () => [it.partition],
    journal: async (_, { after, limit }) =>
      it.journal.filter(({ position }) => position > after).slice(0, limit),
    reservations: async (ids) => chosen(it.reservations, ids),
    holds: async (ids) => chosen(it.holds, ids),
    laterDecisions: async (_, decisions) =>
      new Set(decisions.map(({ position }) => position).filter((at) => it.laterDecisions.has(at))),
    keys: async (hashes) => chosen(it.keys, hashes),
    ledgers: async () => [...it.ledgers.values()],
    decided: async (ids) =>
      new Map(ids.map((id) => [id, placesOf(id)] as const).filter(([, places]) => places.length > 0)),
    parked: async () => it.parked,
    counts: async () => ({
      reservations: it.reservations.size,
      holds: it.holds.size,
      laterDecisions: it.laterDecisions.size,
    }),
    stream: async (_, { after, limit }) =>
      it.stream.filter(({ streamId }) => compareStreamIds(streamId, after) > 0).slice(0, limit),
  };
};

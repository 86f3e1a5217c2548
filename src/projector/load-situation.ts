import { type CustomerTotals, totalsKey } from '../domain/customer.ts';
import { partitionOf, type RequestId, type ReservationId, type ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { countsCustomers } from '../domain/policies.ts';
import {
  isFollowUp,
  type RequestEvent,
  requestIdOf,
  type ShowChangeRequested,
  type ShowOpeningRequested,
} from '../domain/requests.ts';
import type { Reservation } from '../domain/reservation.ts';
import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { CustomerOfShow, KnownKey, KnownRequest } from '../store/contract.ts';
import { findUndecidable, newUnreadable, noting, type Unreadable } from './find-undecidable.ts';
import type { Judgement } from './judgements.ts';
import { type OwnedPartition, recallOrRead } from './owned-partition.ts';

/** How hard requests that were settled before are looked for. */
export type LookUp = 'late-ones' | 'all';

/** What was committed before these entries, as far as deciding them needs it. */
export interface CommittedSituation {
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
  readonly keys: ReadonlyMap<string, KnownKey>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly customers: ReadonlyMap<string, CustomerTotals>;
  /**
   * Requests that depend on a row which cannot be read, and why: they are parked unless they are known. Whatever else they
   * name is absent above as if it did not exist, so nothing may be decided on them.
   */
  readonly undecidable: ReadonlyMap<RequestId, string>;
}

/** What a batch knows that is not committed yet; of everything else the database and what is remembered are true. */
type Uncommitted = Pick<CommittedSituation, 'reservations' | 'ledgers' | 'customers'>;

interface Asked {
  readonly lookUp: LookUp;
  /** The batch in front of these entries, while it is being committed. */
  readonly behind?: Uncommitted;
}

const nothing: Uncommitted = { reservations: new Map(), ledgers: new Map(), customers: new Map() };

/** Asks the database only for what this partition does not remember, and for what entries and holds really name. */
export const loadSituation = async (
  owned: OwnedPartition,
  judgements: readonly Judgement[],
  { lookUp, behind = nothing }: Asked,
): Promise<CommittedSituation> => {
  const entries: ReadEntry[] = [];
  const due: Reservation[] = [];
  for (const it of judgements)
    if (it.type === 'entry') entries.push(it.entry);
    else due.push(it.hold);
  const requests = requestsOf(owned, entries);
  const unreadable = newUnreadable();
  const [known, keys, reservations] = await Promise.all([
    knownOf(owned, entries, lookUp),
    keysOf(owned, requests, { lookUp, unreadable }),
    reservationsOf(owned, requests, { behind: behind.reservations, unreadable }),
  ]);
  const shows = [
    ...requests.flatMap((request) => ('showId' in request ? request.showId : [])),
    ...[...reservations.values(), ...due].map(({ showId }) => showId),
  ];
  const ledgers = await ledgersOf(owned, new Set(shows), { behind: behind.ledgers, unreadable });
  const customers = await customersOf(owned, { requests, reservations, ledgers, due, behind, unreadable });
  const lapsesMs = judgements.at(-1)?.judgedAtMs ?? owned.progress.judgedMs;
  const undecidable = findUndecidable(requests, { reservations, unreadable, lapsesMs });
  return { known, keys, reservations, ledgers, customers, undecidable };
};

/** A stray show or reservation is another owner's: what it stands at is not ours to remember. */
const requestsOf = ({ partition }: OwnedPartition, entries: readonly ReadEntry[]): readonly RequestEvent[] =>
  entries.flatMap(({ content }) => {
    if (content.type !== 'request') return [];
    const { request } = content;
    return partitionOf(isFollowUp(request) ? request.reservationId : request.showId) === partition
      ? [request]
      : [];
  });

/**
 * Requests of these entries that were settled before. Entries at or below the watermark are always looked up: they are
 * duplicates, or late. The others are new as a rule, so the database's unique key is asked instead, by inserting them;
 * but a second opening never gets there: deciding it throws, and it would be parked.
 */
const knownOf = async (
  { store, progress }: OwnedPartition,
  entries: readonly ReadEntry[],
  lookUp: LookUp,
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  const ids = new Set<RequestId>();
  for (const { streamId, content } of entries) {
    if (content.type !== 'request') continue;
    const late = compareStreamIds(streamId, progress.watermark) <= 0;
    if (lookUp === 'all' || late || content.request.type === 'ShowOpeningRequested')
      ids.add(requestIdOf(content.request));
  }
  return ids.size === 0 ? new Map() : await store.known([...ids]);
};

const keysOf = async (
  { store }: OwnedPartition,
  requests: readonly RequestEvent[],
  { lookUp, unreadable }: { readonly lookUp: LookUp; readonly unreadable: Unreadable },
): Promise<ReadonlyMap<string, KnownKey>> => {
  const hashes = new Set(requests.flatMap(({ key }) => key?.hash ?? []));
  return lookUp === 'all' && hashes.size > 0
    ? noting(unreadable.keys, await store.keys([...hashes]))
    : new Map();
};

interface Reading<Key, Value> {
  readonly behind: ReadonlyMap<Key, Value>;
  readonly unreadable: Unreadable;
}

const reservationsOf = (
  { store }: OwnedPartition,
  requests: readonly RequestEvent[],
  { behind, unreadable }: Reading<ReservationId, Reservation>,
): Promise<ReadonlyMap<ReservationId, Reservation>> => {
  const ids = new Set(requests.flatMap((request) => (isFollowUp(request) ? request.reservationId : [])));
  return recallOrRead(ids, {
    behind,
    read: async (missing) => noting(unreadable.reservations, await store.reservations(missing)),
  });
};

const ledgersOf = (
  { store, ledgers: cache }: OwnedPartition,
  showIds: ReadonlySet<ShowId>,
  { behind, unreadable }: Reading<ShowId, ShowLedger>,
): Promise<ReadonlyMap<ShowId, ShowLedger>> =>
  recallOrRead(showIds, {
    behind,
    cache,
    read: async (missing) => noting(unreadable.ledgers, await store.ledgers(missing)),
  });

interface Involved extends Pick<CommittedSituation, 'reservations' | 'ledgers'> {
  readonly requests: readonly RequestEvent[];
  readonly due: readonly Reservation[];
  readonly behind: Uncommitted;
  readonly unreadable: Unreadable;
}

/**
 * Totals of everyone who asks something of a show that counts, or may begin to count in this very batch. Those that are
 * remembered take part in any case: they would be wrong by the time the show counts again.
 */
const customersOf = async (
  owned: OwnedPartition,
  { requests, reservations, ledgers, due, behind, unreadable }: Involved,
): Promise<ReadonlyMap<string, CustomerTotals>> => {
  const isKnown = (key: string): boolean => owned.customers.has(key) || behind.customers.has(key);
  const changing = new Set(requests.flatMap((it) => (setsRules(it) ? it.showId : [])));
  const pairs = new Map<string, CustomerOfShow>();
  const add = ({ showId, customerId }: CustomerOfShow): void => {
    const ledger = ledgers.get(showId);
    const key = totalsKey(showId, customerId);
    if ((ledger && countsCustomers(ledger)) || changing.has(showId) || isKnown(key)) {
      pairs.set(key, { showId, customerId });
    }
  };
  for (const request of requests) if (request.type === 'ReservationRequested') add(request);
  for (const reservation of [...reservations.values(), ...due]) add(reservation);
  return await recallOrRead(new Set(pairs.keys()), {
    behind: behind.customers,
    cache: owned.customers,
    read: async (missing) => {
      const asked = missing.flatMap((key) => pairs.get(key) ?? []);
      return noting(unreadable.customers, await owned.store.customerTotals(asked));
    },
  });
};

const setsRules = (request: RequestEvent): request is ShowOpeningRequested | ShowChangeRequested =>
  request.type === 'ShowOpeningRequested' || request.type === 'ShowChangeRequested';

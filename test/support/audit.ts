import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ShowId } from '../../src/domain/ids.ts';
import { available, evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import { compareStreamIds, type StreamId } from '../../src/domain/stream-id.ts';
import { decodeEntry } from '../../src/log/codec.ts';
import { keysOf } from '../../src/log/keys.ts';
import { journalEntryOf } from '../../src/store/journal-row.ts';
import { reservationOf } from '../../src/store/reservation-row.ts';
import type { Row } from '../../src/store/row.ts';

/**
 * What really happened, by reading the stream (XRANGE) and the tables beside each other: tables alone would agree with
 * themselves about anything they lost. Every list is empty when the promises were kept.
 */
export interface Audit {
  readonly onStream: number;
  readonly decisions: number;
  readonly parked: number;
  readonly confirmedByShow: ReadonlyMap<ShowId, number>;
  readonly faults: {
    /** On the stream, in neither journal nor parked. */
    readonly undecided: readonly string[];
    /** Accepted by the caller's account, and not on the stream. */
    readonly notOnStream: readonly string[];
    readonly decidedTwice: readonly string[];
    /** Decided before something that stood in front of it. */
    readonly outOfOrder: readonly string[];
    readonly oversold: readonly string[];
    /** Refused as sold out while the ledger at that place had room. */
    readonly undersold: readonly string[];
    /** Pools or reservations that are not what the journal says. */
    readonly disagreements: readonly string[];
  };
}

export interface AuditTarget {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly partitions: number;
  /** Ids that clients were given. */
  readonly accepted?: Iterable<string>;
}

interface Streamed {
  /** Where each request id first stands. */
  readonly first: ReadonlyMap<string, StreamId>;
  readonly streamIds: readonly string[];
}

interface Tables {
  readonly journal: readonly { readonly partition: number; readonly entry: JournalEntry }[];
  readonly reservations: ReadonlyMap<string, string>;
  readonly pools: ReadonlyMap<string, number>;
  readonly parked: ReadonlySet<string>;
}

export const audit = async (target: AuditTarget): Promise<Audit> => {
  const streamed = await readStreams(target);
  const tables = await readTables(target.databaseUrl);
  const replay = replayJournal(tables.journal.map(({ entry }) => entry));
  const decided = new Set<string>(tables.journal.map(({ entry }) => entry.requestId));
  return {
    onStream: streamed.streamIds.length,
    decisions: tables.journal.length,
    parked: tables.parked.size,
    confirmedByShow: new Map([...replay.ledgers].map(([id, ledger]) => [id, confirmedOf(ledger)])),
    faults: {
      undecided: [...streamed.first]
        .filter(([id, at]) => !decided.has(id) && !tables.parked.has(at))
        .map(([id]) => id),
      notOnStream: [...(target.accepted ?? [])].filter((id) => !streamed.first.has(id)),
      decidedTwice:
        tables.journal.length === decided.size ? [] : ['a request id stands in the journal twice'],
      outOfOrder: outOfOrder(tables.journal, streamed),
      oversold: replay.oversold,
      undersold: replay.undersold,
      disagreements: disagreements(tables, replay.ledgers),
    },
  };
};

const confirmedOf = ({ pools }: ShowLedger): number =>
  pools.reduce((sum, { confirmed }) => sum + confirmed, 0);

const readStreams = async ({ redisUrl, partitions }: AuditTarget): Promise<Streamed> => {
  const redis = new Redis(redisUrl);
  const first = new Map<string, StreamId>();
  const streamIds: string[] = [];
  try {
    for (let partition = 0; partition < partitions; partition++) {
      for (const [rawId, fields] of await redis.xrangeBuffer(keysOf(partition).requests, '-', '+')) {
        const streamId = parseStreamed(rawId);
        streamIds.push(streamId);
        const content = decodeEntry(fields);
        const id = content.type === 'request' ? requestIdOf(content.request) : undefined;
        if (id && !first.has(id)) first.set(id, streamId);
      }
    }
  } finally {
    redis.disconnect();
  }
  return { first, streamIds };
};

const parseStreamed = (raw: Buffer): StreamId => raw.toString() as StreamId;

const readTables = async (databaseUrl: string): Promise<Tables> => {
  const connection = await createConnection({
    uri: databaseUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const rows = async (sql: string): Promise<readonly Row[]> =>
    (await connection.query<RowDataPacket[]>(sql))[0];
  try {
    const journal = await rows('SELECT * FROM journal ORDER BY partition_id, position');
    const reservations = await rows('SELECT * FROM reservations');
    const pools = await rows('SELECT HEX(show_id) AS show_hex, pool_id, confirmed FROM pools');
    const parked = await rows("SELECT CONCAT(stream_ms, '-', stream_seq) AS stream_id FROM parked");
    return {
      journal: journal.map((row) => ({ partition: Number(row['partition_id']), entry: journalEntryOf(row) })),
      reservations: new Map(reservations.map(reservationOf).map(({ id, status }) => [id, status])),
      pools: new Map(pools.map((row) => [`${row['show_hex']}/${row['pool_id']}`, Number(row['confirmed'])])),
      parked: new Set(parked.map((row) => String(row['stream_id']))),
    };
  } finally {
    await connection.end();
  }
};

/** Within a partition every decision stands where its request first stood, and none is in front of an earlier one. */
const outOfOrder = (journal: Tables['journal'], { first }: Streamed): readonly string[] => {
  const faults: string[] = [];
  const last = new Map<number, StreamId>();
  for (const { partition, entry } of journal) {
    const { requestId, streamId, late } = entry;
    if (first.has(requestId) && first.get(requestId) !== streamId)
      faults.push(`${requestId} not where it first stood`);
    const previous = last.get(partition);
    if (!late && previous && compareStreamIds(streamId, previous) <= 0)
      faults.push(`${requestId} after ${previous}`);
    if (!late) last.set(partition, streamId);
  }
  return faults;
};

const replayJournal = (journal: readonly JournalEntry[]) => {
  const ledgers = new Map<ShowId, ShowLedger>();
  const oversold: string[] = [];
  const undersold: string[] = [];
  for (const { decision, decidedAtMs } of journal) {
    const before = ledgers.get(decision.showId);
    if (
      decision.type === 'ReservationRejected' &&
      decision.reason === 'sold-out' &&
      hasRoom(before, decision.lines)
    ) {
      undersold.push(decision.reservationId);
    }
    const after = evolve(before, decision, decidedAtMs);
    if (after) ledgers.set(decision.showId, after);
    if (after?.pools.some((pool) => available(pool) < 0)) oversold.push(decision.showId);
  }
  return { ledgers, oversold, undersold };
};

const hasRoom = (
  ledger: ShowLedger | undefined,
  lines: readonly { poolId: string; quantity: number }[],
): boolean =>
  ledger !== undefined &&
  lines.every(({ poolId, quantity }) =>
    ledger.pools.some((pool) => pool.id === poolId && available(pool) >= quantity),
  );

const disagreements = (tables: Tables, ledgers: ReadonlyMap<ShowId, ShowLedger>): readonly string[] => {
  const faults: string[] = [];
  for (const { showId, pools } of ledgers.values()) {
    for (const { id, confirmed } of pools) {
      const key = `${showId.replaceAll('-', '').toUpperCase()}/${id}`;
      if (tables.pools.get(key) !== confirmed)
        faults.push(`pool ${key}: ${tables.pools.get(key)}, journal ${confirmed}`);
    }
  }
  const journaled = tables.journal.filter(({ entry }) => entry.decision.type !== 'ShowOpened');
  for (const { entry } of journaled) {
    const expected = entry.decision.type === 'ReservationConfirmed' ? 'confirmed' : 'rejected';
    if (tables.reservations.get(entry.requestId) !== expected) faults.push(`reservation ${entry.requestId}`);
  }
  const decidedRows = [...tables.reservations.values()].filter((status) => status !== 'pending').length;
  if (decidedRows !== journaled.length)
    faults.push(`${decidedRows} reservations, ${journaled.length} decisions`);
  return faults;
};

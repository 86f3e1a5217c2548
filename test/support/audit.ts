import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ShowId } from '../../src/domain/ids.ts';
import { available, type ShowLedger } from '../../src/domain/ledger.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import { compareStreamIds, type StreamId } from '../../src/domain/stream-id.ts';
import { decodeEntry } from '../../src/log/codec.ts';
import { keysOf } from '../../src/log/keys.ts';
import { disagreements, readTables, type Tables } from './audit-tables.ts';
import { openRedis } from './open-redis.ts';
import { newReplay, replayEntry } from './replay.ts';

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
    /** Shows, reservations, holds or keys that are not what the journal says. */
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

export const audit = async (target: AuditTarget): Promise<Audit> => {
  const streamed = await readStreams(target);
  const tables = await readTables(target.databaseUrl);
  const { replay, oversold, undersold } = replayJournal(tables.journal.map(({ entry }) => entry));
  // Nobody asked for a lapse.
  const asked = tables.journal.flatMap(({ entry: { requestId } }) => requestId ?? []);
  const decided = new Set<string>(asked);
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
      decidedTwice: asked.length === decided.size ? [] : ['a request id stands in the journal twice'],
      outOfOrder: outOfOrder(tables.journal, streamed),
      oversold,
      undersold,
      disagreements: disagreements(tables, replay),
    },
  };
};

const confirmedOf = ({ pools }: ShowLedger): number =>
  pools.reduce((sum, { confirmed }) => sum + confirmed, 0);

const readStreams = async ({ redisUrl, partitions }: AuditTarget): Promise<Streamed> => {
  const redis = await openRedis(redisUrl);
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

/** Within a partition every decision stands where its request first stood, and none is in front of an earlier one. */
const outOfOrder = (journal: Tables['journal'], { first }: Streamed): readonly string[] => {
  const faults: string[] = [];
  const last = new Map<number, StreamId>();
  for (const { partition, entry } of journal) {
    const { requestId, streamId, late } = entry;
    if (!requestId || !streamId) continue;
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
  const replay = newReplay();
  const oversold: string[] = [];
  const undersold: string[] = [];
  for (const entry of journal) {
    const { decision } = entry;
    const ledger = decision.showId && replay.ledgers.get(decision.showId);
    if (
      decision.type === 'ReservationRejected' &&
      decision.reason === 'sold-out' &&
      hasRoom(ledger, decision.lines)
    ) {
      undersold.push(decision.reservationId);
    }
    replayEntry(replay, entry);
    const after = decision.showId && replay.ledgers.get(decision.showId);
    if (after?.pools.some((pool) => available(pool) < 0)) oversold.push(after.showId);
  }
  return { replay, oversold, undersold };
};

const hasRoom = (
  ledger: ShowLedger | undefined,
  lines: readonly { poolId: string; quantity: number }[],
): boolean =>
  ledger !== undefined &&
  lines.every(({ poolId, quantity }) =>
    ledger.pools.some((pool) => pool.id === poolId && available(pool) >= quantity),
  );

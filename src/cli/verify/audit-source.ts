import type { AuditSource, Suspect } from '../../audit/contract.ts';
import type { Logger } from '../../domain/ports.ts';
import { compareStreamIds, type StreamId } from '../../domain/stream-id.ts';
import { openStreamReader, type StreamReader } from '../../log/inspect/open-stream-reader.ts';
import { openSnapshot } from '../../store/snapshot/open-snapshot.ts';

export interface OpenAuditSource {
  readonly source: AuditSource;
  readonly close: () => Promise<void>;
}

export interface AuditSourceOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly logger: Logger;
}

/** A running system to be audited: one snapshot of its tables, and its streams at about the same time. Read only. */
export const openAuditSource = async (options: AuditSourceOptions): Promise<OpenAuditSource> => {
  const { databaseUrl, redisUrl, logger } = options;
  const snapshot = await openSnapshot(databaseUrl);
  // Streams are read after the snapshot: entries that it has decided were on them before, and still are unless they were trimmed.
  const streams = await openStreamReader({ url: redisUrl, name: 'audit', logger }).catch(async (error) => {
    await snapshot.close();
    throw error;
  });
  return {
    source: {
      ...snapshot,
      stream: streams.page,
      settledSince: (suspects) => settledSince({ databaseUrl, streams }, suspects),
    },
    close: async () => {
      await Promise.all([snapshot.close(), streams.close()]);
    },
  };
};

/**
 * A stream that goes back during the audit gets entries below the watermark, which are decided late; and a stream that was
 * not reached in time is trimmed. Streams are read first and the tables second, so that an entry settled in between is
 * found in both.
 */
const settledSince = async (
  { databaseUrl, streams }: { readonly databaseUrl: string; readonly streams: StreamReader },
  suspects: readonly Suspect[],
): Promise<ReadonlySet<Suspect>> => {
  const partitions = [...new Set(suspects.map(({ partition }) => partition))];
  const readTo = new Map<number, StreamId>();
  for (const partition of partitions) readTo.set(partition, await streams.readTo(partition));
  const now = await openSnapshot(databaseUrl);
  try {
    const decided = await now.decided(suspects.flatMap(({ requestId }) => requestId ?? []));
    const parked = new Set<string>();
    for (const partition of partitions)
      for (const { streamId, requestId } of await now.parked(partition)) {
        parked.add(placeOf({ partition, streamId }));
        if (requestId) parked.add(requestId);
      }
    return new Set(
      suspects.filter((suspect) => {
        const { partition, requestId, streamId } = suspect;
        const read = readTo.get(partition);
        const isToCome = streamId !== undefined && read !== undefined && compareStreamIds(streamId, read) > 0;
        const isSettled = requestId !== undefined && (decided.has(requestId) || parked.has(requestId));
        return isToCome || isSettled || parked.has(placeOf(suspect));
      }),
    );
  } finally {
    await now.close();
  }
};

const placeOf = ({ partition, streamId }: Suspect): string => `${partition} ${streamId}`;

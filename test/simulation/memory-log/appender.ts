import { requestIdOf } from '../../../src/domain/requests.ts';
import type { StreamId } from '../../../src/domain/stream-id.ts';
import type { Durability } from '../../../src/log/append/append.ts';
import type { AppendVerdict, RequestAppender } from '../../../src/log/contract.ts';
import { encodeEntry } from '../../../src/log/wire/codec.ts';
import { type Wire, WireCut } from '../wire.ts';
import { appendEntry } from './append-entry.ts';
import { claimKey } from './request-keys.ts';
import { ringBells } from './ring-bells.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

/**
 * With `replicated`, a WAIT follows each append on the same connection, as in src/log/append/append.ts. Whichever of the
 * two replies is lost, the verdict is the same, so here both are one reply.
 */
export const newMemoryAppender = (
  server: ServerState,
  wire: Wire,
  durability: Durability,
): RequestAppender => ({
  append: async (partition, request, claiming) => {
    const fields = encodeEntry(request).map((text) => Buffer.from(text));
    const requestId = requestIdOf(request);
    try {
      const { verdict, isReplicated } = await wire.ask(`append to ${partition}`, () => {
        takeMemory(server);
        const owner = claiming && claimKey(server, claiming, requestId);
        if (owner && owner.requestId !== requestId)
          return { verdict: { type: 'taken', owner } as const, isReplicated: true };
        const verdict = { type: 'appended', streamId: append(server, partition, fields) } as const;
        return durability === 'disk' ? { verdict, isReplicated: true } : replicated(server, verdict);
      });
      return isReplicated ? verdict : notReplicated;
    } catch (error) {
      return verdictOnError(error);
    }
  },
});

const replicated = async ({ replicate }: ServerState, verdict: AppendVerdict) => ({
  verdict,
  isReplicated: (await replicate?.()) ?? false,
});

const notReplicated: AppendVerdict = { type: 'unknown', why: 'no replica acknowledged the append in time' };

const append = (server: ServerState, partition: number, fields: readonly Buffer[]): StreamId => {
  const id = appendEntry(server.stream(partition), fields, server.nowMs());
  ringBells(server, partition, id);
  return id;
};

/** As in src/log/append/append.ts: a call that the server refused or that was never sent added no entry. */
const verdictOnError = (error: unknown): AppendVerdict => ({
  type: error instanceof WireCut && error.sent ? 'unknown' : 'refused',
  why: error instanceof Error ? error.message : String(error),
});

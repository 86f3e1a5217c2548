import { requestIdOf } from '../../../src/domain/requests.ts';
import type { StreamId } from '../../../src/domain/stream-id.ts';
import type { AppendVerdict, RequestAppender } from '../../../src/log/contract.ts';
import { encodeEntry } from '../../../src/log/wire/codec.ts';
import { type Wire, WireCut } from '../wire.ts';
import { appendEntry } from './append-entry.ts';
import { claimKey } from './request-keys.ts';
import { ringBells } from './ring-bells.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

export const newMemoryAppender = (server: ServerState, wire: Wire): RequestAppender => ({
  append: async (partition, request, claiming) => {
    const fields = encodeEntry(request).map((text) => Buffer.from(text));
    const requestId = requestIdOf(request);
    try {
      return await wire.ask(`append to ${partition}`, () => {
        takeMemory(server);
        const owner = claiming && claimKey(server, claiming, requestId);
        if (owner && owner.requestId !== requestId) return { type: 'taken', owner } as const;
        return { type: 'appended', streamId: append(server, partition, fields) } as const;
      });
    } catch (error) {
      return verdictOnError(error);
    }
  },
});

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

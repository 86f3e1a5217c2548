import type { StreamId } from '../../../src/domain/stream-id.ts';
import { encodeEntry } from '../../../src/log/codec.ts';
import type { AppendVerdict, RequestAppender } from '../../../src/log/contract.ts';
import { type Wire, WireCut } from '../wire.ts';
import { appendEntry } from './append-entry.ts';
import { ringBells } from './ring-bells.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

export const newMemoryAppender = (server: ServerState, wire: Wire): RequestAppender => ({
  append: async (partition, request) => {
    const fields = encodeEntry(request).map((text) => Buffer.from(text));
    try {
      const streamId = await wire.ask(`append to ${partition}`, () => append(server, partition, fields));
      return { type: 'appended', streamId };
    } catch (error) {
      return verdictOnError(error);
    }
  },
});

const append = (server: ServerState, partition: number, fields: readonly Buffer[]): StreamId => {
  takeMemory(server);
  const id = appendEntry(server.stream(partition), fields, server.nowMs());
  ringBells(server, partition, id);
  return id;
};

/** As src/log/append.ts judges: what the server answered with, or what never left, put no entry there. */
const verdictOnError = (error: unknown): AppendVerdict => ({
  type: error instanceof WireCut && error.sent ? 'unknown' : 'refused',
  why: error instanceof Error ? error.message : String(error),
});

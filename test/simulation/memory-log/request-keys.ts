import type { KeyOwner, RequestKeys } from '../../../src/log/contract.ts';
import { rememberedMs } from '../../../src/log/request-keys.ts';
import type { Wire } from '../wire.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

export const newMemoryRequestKeys = (server: ServerState, wire: Wire): RequestKeys => ({
  claim: ({ hash, fingerprint }, requestId) =>
    wire.ask(`claim key ${hash}`, () => {
      takeMemory(server);
      const before = ownerOf(server, hash);
      if (before) return before;
      server.keys.set(hash, { requestId, fingerprint, endsMs: server.nowMs() + rememberedMs });
      return { requestId, fingerprint };
    }),
  owner: ({ hash }) => wire.ask(`owner of key ${hash}`, () => ownerOf(server, hash)),
});

const ownerOf = (server: ServerState, hash: string): KeyOwner | undefined => {
  const known = server.keys.get(hash);
  if (!known || server.nowMs() >= known.endsMs) return undefined;
  return { requestId: known.requestId, fingerprint: known.fingerprint };
};

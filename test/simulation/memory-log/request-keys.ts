import type { RequestId } from '../../../src/domain/ids.ts';
import type { RequestKey } from '../../../src/domain/requests.ts';
import { keyTtlMs } from '../../../src/log/append/request-keys.ts';
import type { KeyOwner, RequestKeys } from '../../../src/log/contract.ts';
import type { Wire } from '../wire.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

export const newMemoryRequestKeys = (server: ServerState, wire: Wire): RequestKeys => ({
  claim: (key, requestId) =>
    wire.ask(`claim key ${key.hash}`, () => {
      takeMemory(server);
      return claimKey(server, key, requestId);
    }),
  owner: ({ hash }) => wire.ask(`owner of key ${hash}`, () => ownerOf(server, hash)),
});

/** Returns the owner of the key, which is the caller if nobody owned it. */
export const claimKey = (
  server: ServerState,
  { hash, fingerprint }: RequestKey,
  requestId: RequestId,
): KeyOwner => {
  const before = ownerOf(server, hash);
  if (before) return before;
  server.keys.set(hash, { requestId, fingerprint, endsMs: server.nowMs() + keyTtlMs });
  return { requestId, fingerprint };
};

const ownerOf = (server: ServerState, hash: string): KeyOwner | undefined => {
  const known = server.keys.get(hash);
  if (!known || server.nowMs() >= known.endsMs) return undefined;
  return { requestId: known.requestId, fingerprint: known.fingerprint };
};

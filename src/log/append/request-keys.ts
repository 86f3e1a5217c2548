import { parseRequestId, type RequestId } from '../../domain/ids.ts';
import type { RequestKey } from '../../domain/requests.ts';
import { cork } from '../connection/cork.ts';
import type { NodeOf } from '../connection/nodes.ts';
import type { KeyOwner, RequestKeys } from '../contract.ts';
import { requestKeyKey } from '../keys.ts';

/** Much longer than any client retries by itself; the tables keep keys for a day. */
export const keyTtlMs = 900_000;

/** A key and the value to store under it. */
export interface KeyClaim {
  readonly name: string;
  readonly value: string;
}

export const keyClaimOf = ({ hash, fingerprint }: RequestKey, requestId: RequestId): KeyClaim => ({
  name: requestKeyKey(hash),
  value: `${requestId} ${fingerprint}`,
});

/**
 * The value of a key is `<request id> <fingerprint>`. It is set and read in one command (NX with GET needs Redis 7.0), so
 * two processes with the same key agree which of them was first. It is only a cache: when Redis loses it, or the reply of
 * a claim is lost, the projector finds the duplicate.
 */
export const newRequestKeys = (nodeOf: NodeOf): RequestKeys => ({
  claim: async (key, requestId) => {
    const { name, value } = keyClaimOf(key, requestId);
    const before = await cork(nodeOf(name)).set(name, value, 'PX', keyTtlMs, 'NX', 'GET');
    return before === null ? { requestId, fingerprint: key.fingerprint } : parseOwner(before);
  },
  owner: async ({ hash }) => {
    const name = requestKeyKey(hash);
    const value = await cork(nodeOf(name)).get(name);
    return value === null ? undefined : parseOwner(value);
  },
});

/** Throws when the value has another form. */
export const parseOwner = (value: string): KeyOwner => {
  const [id = '', fingerprint = '', ...rest] = value.split(' ');
  const requestId = parseRequestId(id);
  if (!requestId || !/^[0-9a-f]{32}$/.test(fingerprint) || rest.length > 0)
    throw new Error(`Redis answered ${JSON.stringify(value)} where the owner of a key belongs`);
  return { requestId, fingerprint };
};

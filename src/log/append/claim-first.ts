import { type RequestEvent, type RequestKey, requestIdOf } from '../../domain/requests.ts';
import type { AppendVerdict, RequestAppender, RequestKeys } from '../contract.ts';

/**
 * Claims the key in a separate command before the request is appended: in a cluster, key and stream may be on different
 * servers, which one script cannot access.
 */
export const claimFirst = (appender: RequestAppender, keys: Pick<RequestKeys, 'claim'>): RequestAppender => {
  const claim = async (request: RequestEvent, key: RequestKey) => {
    const requestId = requestIdOf(request);
    const owner = await keys.claim(key, requestId);
    return owner.requestId === requestId ? undefined : ({ type: 'taken', owner } as const);
  };
  return {
    append: async (partition, request, claiming): Promise<AppendVerdict> => {
      if (!claiming) return appender.append(partition, request);
      try {
        return (await claim(request, claiming)) ?? (await appender.append(partition, request));
      } catch (error) {
        // The key may be claimed already; a retry with it is appended under the request id that the key has.
        return { type: 'refused', why: error instanceof Error ? error.message : String(error) };
      }
    },
  };
};

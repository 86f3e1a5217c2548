import { type RequestEvent, type RequestKey, requestIdOf } from '../../domain/requests.ts';
import type { AppendVerdict, RequestAppender, RequestKeys } from '../contract.ts';

/**
 * Claims a key before its request is appended, in a command of its own: in a cluster the two lie on different servers,
 * which one script cannot reach.
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
        // The key may be claimed; whoever comes with it again appends under the name that has it.
        return { type: 'refused', why: error instanceof Error ? error.message : String(error) };
      }
    },
  };
};

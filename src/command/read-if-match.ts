import { limits } from '../domain/limits.ts';
import type { ShowChangeRequested } from '../domain/requests.ts';
import { parseEntityTags } from '../http/message/entity-tags.ts';
import { invalidRequest, type Problem } from '../http/problems/problem.ts';

/** The revisions that a change may be made to; any revision if the client names none. */
export type Precondition =
  | { readonly type: 'read'; readonly about: Pick<ShowChangeRequested, 'revisions'> }
  | { readonly type: 'refused'; readonly problem: Problem };

const showEtag = /^"([1-9][0-9]{0,14})\.[0-9]{1,15}"$/;

/**
 * The revisions that If-Match names. A tag that no show ever had matches none, so it is ignored beside
 * others. Alone it is answered as a mistake and not with 412: after a 412 the client would read the show
 * again and send the same tag again.
 */
export const readIfMatch = (ifMatch: string | undefined): Precondition => {
  if (ifMatch === undefined) return { type: 'refused', problem: revisionRequired };
  const tags = parseEntityTags(ifMatch);
  if (tags === '*') return { type: 'read', about: {} };
  const named = tags?.flatMap((tag) => showEtag.exec(tag)?.[1] ?? []) ?? [];
  const revisions = [...new Set(named.map(Number))];
  if (revisions.length === 0)
    return mistake('must be the ETag that the show was read with, a list of such, or *');
  return revisions.length <= limits.revisionsPerChange
    ? { type: 'read', about: { revisions } }
    : mistake(`must name at most ${limits.revisionsPerChange} revisions`);
};

const mistake = (detail: string): Precondition => ({
  type: 'refused',
  problem: invalidRequest([{ pointer: 'if-match', detail }]),
});

const revisionRequired: Problem = {
  code: 'revision-required',
  detail: 'Send If-Match with the ETag that the show was read with, so that nobody’s change is lost.',
};

import { parseEntityTags } from '../http/message/entity-tags.ts';

/** `confirmed.1769889600012.3`, `1.1769889600012`: the time of the state follows the first point. */
const datedTag = /^"[a-z0-9]+\.([0-9]{1,15})(?:\.[a-z0-9.]*)?"$/;

/** States before any decision; they are older than all others. */
const undecided: ReadonlySet<string> = new Set(['"queued"', '"pending"']);

export interface KnownState {
  readonly etag: string;
  readonly atMs: number;
}

/**
 * Whether a state is at least as new as the states that the client has, by the tags in its If-None-Match. For
 * two states of the same moment only an equal tag counts. A tag of unknown form may stand for any newer
 * state.
 */
export const isNoOlder = ({ etag, atMs }: KnownState, ifNoneMatch: string | undefined): boolean => {
  if (ifNoneMatch === undefined) return true;
  const tags = parseEntityTags(ifNoneMatch);
  if (tags === '*') return true;
  return tags?.every((tag) => tag === etag || madeAtMs(tag) < atMs) ?? false;
};

const madeAtMs = (tag: string): number => {
  if (undecided.has(tag)) return 0;
  const [, ms] = datedTag.exec(tag) ?? [];
  return ms === undefined ? Number.POSITIVE_INFINITY : Number(ms);
};

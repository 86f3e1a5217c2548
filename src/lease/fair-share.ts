import type { Member } from './contract.ts';

export interface ShareInput {
  readonly partitions: number;
  /** What we hold now; the others may not know it yet. */
  readonly self: Member;
  /** The members that were live at the last heartbeat, with or without us. */
  readonly live: readonly Member[];
}

export interface Share {
  /** Free leases may be taken up to this number: ⌊P / live⌋, or one more for P mod live of the members. */
  readonly target: number;
  /** How many leases to release, because they are above our share and another member is below its own. */
  readonly giveBack: number;
}

/** Members that hold most come first, so that an even distribution stays as it is; the id decides between equals. */
const byHeld = (a: Member, b: Member): number => b.held - a.held || (a.id < b.id ? -1 : 1);

/**
 * How many partitions each live projector should hold. All members compute the same shares from the same data, so none has
 * to ask another. The shares add up to P, none is above ⌈P / live⌉, and a member releases leases only when another is below
 * its own share.
 */
export const fairShare = ({ partitions, self, live }: ShareInput): Share => {
  const members = [...live.filter(({ id }) => id !== self.id), self].sort(byHeld);
  const whole = Math.floor(partitions / members.length);
  const left = partitions % members.length;
  const shareOf = (rank: number): number => whole + (rank < left ? 1 : 0);
  const target = shareOf(members.indexOf(self));
  const anyShort = members.some(({ held }, rank) => held < shareOf(rank));
  return { target, giveBack: anyShort ? Math.max(0, self.held - target) : 0 };
};

import type { Member } from './contract.ts';

export interface ShareInput {
  readonly partitions: number;
  /** What we hold now, which the others may not have heard of yet. */
  readonly self: Member;
  /** Who was live at the last heartbeat, with or without us. */
  readonly live: readonly Member[];
}

export interface Share {
  /** Free leases may be taken up to so many: the whole part of P / live, or one more for P mod live of the members. */
  readonly target: number;
  /** So many are another's share, and that other is short of it. */
  readonly giveBack: number;
}

/** Who holds most comes first, so that what is already even stays where it is; the id decides between equals. */
const byHeld = (a: Member, b: Member): number => b.held - a.held || (a.id < b.id ? -1 : 1);

/**
 * How many partitions each live projector should hold. All members come to the same answer from the same facts, so
 * nobody has to be asked: the shares add up to P, none is above ⌈P / live⌉, and a member gives back only when another
 * is below its own share. With no one short, nothing moves.
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

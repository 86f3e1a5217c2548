import type { ReplicaLook } from '../../log/look-at-replicas.ts';
import { aheadText, clockMsMax } from './judge-clock.ts';
import { type Line, lineOf, type Want, worstOf } from './line.ts';

const want: Want<ReplicaLook | 'none'> = {
  name: 'replica-clock',
  wanted: `within ${clockMsMax} ms of its master's`,
  why: 'after a fail-over its clock is the one that decides: behind, streams run ahead of it; ahead, sales and holds end early',
  cure: 'let all hosts follow the same time servers (chrony): docs/operating/clock-ahead.md',
  found: (look) => {
    if (look === 'none') return 'no replica';
    return look.aheadMs === undefined ? 'cannot be asked from here' : aheadText(look.aheadMs);
  },
  // Where replicas stand in a network of their own, this host is nobody to ask.
  holds: (look) => look === 'none' || Math.abs(look.aheadMs ?? 0) <= clockMsMax,
};

export const judgeReplicaClocks = (replicas: readonly ReplicaLook[]): Line =>
  replicas.length === 0
    ? lineOf(want, 'none')
    : worstOf(replicas.map((look) => ({ ...lineOf(want, look), address: look.address })));

import { type Address, newAddress } from '../connection/redis-url.ts';

const slotCount = 16_384;

/** A master as a node reports it: its address, its slots, and its epoch. */
export interface ReportedMaster {
  readonly address: Address;
  readonly epoch: number;
  readonly slots: readonly (readonly [number, number])[];
}

export interface ClusterView {
  readonly masters: readonly ReportedMaster[];
  /** The addresses of all nodes, masters and replicas. */
  readonly addresses: readonly Address[];
  /**
   * Slots that the asked node is giving away or receiving. Meanwhile it refuses commands on several keys of
   * such a slot.
   */
  readonly moving: readonly number[];
}

export interface ViewOptions {
  /** The host that was asked: a node that has not met other nodes does not know its own host. */
  readonly askedHost: string;
  /** Whether to use the names that nodes announce, because their certificates contain names. */
  readonly wantNames: boolean;
}

/**
 * Parses the reply of CLUSTER NODES. It has one line for each node: id, ip:port@bus-port,name, flags, …,
 * epoch, link, slots.
 */
export const parseClusterNodes = (reply: string, options: ViewOptions): ClusterView => {
  const masters: ReportedMaster[] = [];
  const addresses: Address[] = [];
  const moving: number[] = [];
  for (const line of reply.split('\n')) {
    const [, place = '', flags = '', , , , epoch, , ...ranges] = line.trim().split(' ');
    const address = parseNodeAddress(place, options);
    if (address === undefined || /noaddr|handshake/.test(flags)) continue;
    addresses.push(address);
    const slots = ranges.flatMap(parseRange);
    moving.push(...ranges.flatMap(parseMoving));
    if (flags.includes('master') && slots.length > 0) masters.push({ address, epoch: Number(epoch), slots });
  }
  return { masters, addresses, moving };
};

const parseNodeAddress = (text: string, { askedHost, wantNames }: ViewOptions): Address | undefined => {
  const [, ip, port, name] = /^(.*):(\d+)@\d+(?:,([^,]*))?/.exec(text) ?? [];
  if (ip === undefined || Number(port) === 0) return undefined;
  const host = wantNames && name ? name : ip;
  return newAddress(host || askedHost, Number(port));
};

/** Parses `5` or `0-5460`. An entry in brackets is a slot that is moving; this node still keeps it. */
const parseRange = (text: string): readonly (readonly [number, number])[] => {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
};

/** Parses a moving slot: `[93->-id]` moves to the node with this id, `[93-<-id]` comes from it. */
const parseMoving = (text: string): readonly number[] => {
  const [, slot] = /^\[(\d+)-[<>]-/.exec(text) ?? [];
  return slot === undefined ? [] : [Number(slot)];
};

/**
 * Which master keeps each slot. Nodes learn of a fail-over at different times, and a node that is cut off
 * never does. So views are merged by the rule that nodes use among themselves: the claim with the highest
 * epoch counts. A slot that no master claims keeps its former owner, so that there is a node to ask.
 */
export const ownersOf = (views: readonly ClusterView[], before: readonly Address[]): readonly Address[] => {
  const claims = views.flatMap(({ masters }) => masters).sort((a, b) => a.epoch - b.epoch);
  const owners: (Address | undefined)[] = Array.from({ length: slotCount }, (_, slot) => before[slot]);
  for (const { address, slots } of claims) for (const [from, to] of slots) owners.fill(address, from, to + 1);
  const anybody = claims.at(-1)?.address;
  return owners.flatMap((owner) => owner ?? anybody ?? []);
};

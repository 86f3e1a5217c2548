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
  /** Masters and replicas: whoever could be asked. */
  readonly addresses: readonly Address[];
  /** Slots that the node which was asked is giving away or is given. Until that is over it refuses what needs several keys. */
  readonly moving: readonly number[];
}

export interface ViewOptions {
  /** Whom we asked: a node that has not met others does not know its own host. */
  readonly askedHost: string;
  /** Names where nodes announce them, for the sake of their certificates. */
  readonly wantNames: boolean;
}

/** The reply of CLUSTER NODES, a line a node: id, ip:port@bus-port,name, flags, …, epoch, link, slots. */
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

/** `5`, `0-5460`; what stands in brackets is on its way to another and still kept here. */
const parseRange = (text: string): readonly (readonly [number, number])[] => {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
};

/** `[93->-id]` is given to the node of this id, `[93-<-id]` comes from there. */
const parseMoving = (text: string): readonly number[] => {
  const [, slot] = /^\[(\d+)-[<>]-/.exec(text) ?? [];
  return slot === undefined ? [] : [Number(slot)];
};

/**
 * Who keeps each slot. Nodes learn of a fail-over one after the other, and one that was cut off never does, so views are
 * put together as nodes do it among themselves: the claim with the highest epoch counts. A slot that nobody claims
 * stays where it was, so that there is somebody to ask.
 */
export const ownersOf = (views: readonly ClusterView[], before: readonly Address[]): readonly Address[] => {
  const claims = views.flatMap(({ masters }) => masters).sort((a, b) => a.epoch - b.epoch);
  const owners: (Address | undefined)[] = Array.from({ length: slotCount }, (_, slot) => before[slot]);
  for (const { address, slots } of claims) for (const [from, to] of slots) owners.fill(address, from, to + 1);
  const anybody = claims.at(-1)?.address;
  return owners.flatMap((owner) => owner ?? anybody ?? []);
};

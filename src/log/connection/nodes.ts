import type { Redis } from 'ioredis';
import type { Logger, Random } from '../../domain/ports.ts';
import type { ConnectionKind } from './connect.ts';
import type { ServerCheck } from './prepare-connection.ts';

export interface RedisOptions {
  /** `redis://`, or `redis+cluster://` with one node or several to begin with. */
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  readonly random?: Random;
  /** How long a command may go without a reply; the usual limit of a connection unless given. */
  readonly commandMs?: number;
  /** The Lua that connections of each kind will call, in full: on the server before they take commands. */
  readonly scripts?: { readonly [Kind in ConnectionKind]?: readonly string[] };
  /** `any` for commands that only inspect; for all other users a replica is not ready. */
  readonly wants?: 'primary' | 'any';
  /** Whether it is the right server. Asked of every connection before it is ready, and of all of them every 5 s. */
  readonly check?: ServerCheck;
  /** How often the servers are checked; the usual interval unless given. */
  readonly everyMs?: number;
  /** Calls back when slots of a cluster have another master than before, or have come to rest: what failed may do now. */
  readonly onMoved?: () => void;
}

/**
 * The connection to the server that keeps a key. There always is one, though it may be lost at the moment, and it is
 * an ordinary connection to one server, which sends nothing twice and follows no redirect.
 */
export type NodeOf = (key: string) => Redis;

export interface Master {
  /** Absent where there is only one. */
  readonly address?: string;
  readonly redis: Redis;
}

/** The server or cluster that REDIS_URL names, and our connections to it. */
export interface RedisNodes {
  /** Whether one script may touch any two keys: there is one server. */
  readonly isOne: boolean;
  readonly control: NodeOf;
  /** A control connection to each server that takes writes. Of a cluster some may not be connected at the moment. */
  masters(): readonly Master[];
  openProducer(): Promise<NodeOf>;
  /** One connection that receives the messages of all channels, whichever node they were published on. */
  openSubscriber(): Promise<Redis>;
  /** A `blocking` connection to the server that keeps `key` now. Whoever asked for it closes it. */
  openBlocking(key: string, signal: AbortSignal): Promise<Redis>;
  /** Throws while no server answers. In a cluster the answer of one master is enough, because its keys are still served. */
  ping(): Promise<void>;
  /** Open commands are rejected. */
  close(): Promise<void>;
}

import type { Redis } from 'ioredis';
import type { Logger, Random } from '../domain/ports.ts';

export interface RedisOptions {
  /** `redis://`, or `redis+cluster://` with one node or several to begin with. */
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  readonly random?: Random;
  /** How long a command may go without a reply; the usual limit of a connection unless given. */
  readonly commandMs?: number;
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

/** What stands behind REDIS_URL, one server or a cluster, and our connections to it. */
export interface RedisNodes {
  /** Whether one script may touch any two keys: there is one server. */
  readonly isOne: boolean;
  readonly control: NodeOf;
  /** A control connection to each server that takes writes. Of a cluster some may not be connected at the moment. */
  masters(): readonly Master[];
  openProducer(): Promise<NodeOf>;
  /** One connection that hears every channel, whichever node a message was published on. */
  openSubscriber(): Promise<Redis>;
  /** A `blocking` connection to the server that keeps `key` now. Whoever asked for it closes it. */
  openBlocking(key: string, signal: AbortSignal): Promise<Redis>;
  /** Throws while nobody answers. In a cluster one master is enough: what the others keep is still served. */
  ping(): Promise<void>;
  /** Open commands are rejected. */
  close(): Promise<void>;
}

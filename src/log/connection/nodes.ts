import type { Redis } from 'ioredis';
import type { Logger, Random } from '../../domain/ports.ts';
import type { ConnectionKind } from './connect.ts';
import type { ServerCheck } from './prepare-connection.ts';

export interface RedisOptions {
  /** `redis://`, or `redis+cluster://` with one or several nodes to ask first. */
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  readonly random?: Random;
  /** How long to wait for the reply to a command; the default of a connection unless given. */
  readonly commandMs?: number;
  /**
   * The scripts that connections of each kind call, as full Lua text. They are loaded before a connection
   * takes commands.
   */
  readonly scripts?: { readonly [Kind in ConnectionKind]?: readonly string[] };
  /** `any` for commands that only inspect; for all other users a replica is not ready. */
  readonly wants?: 'primary' | 'any';
  /**
   * Checks that it is the right server: on every connection before it is ready, and on all of them every 5 s.
   */
  readonly check?: ServerCheck;
  /** How often the servers are checked; the default interval unless given. */
  readonly everyMs?: number;
  /**
   * Called when slots of a cluster have another master than before, or have stopped moving: what failed may
   * work now.
   */
  readonly onMoved?: () => void;
}

/**
 * Returns the connection to the server that keeps a key. There always is one, but it may be disconnected at
 * the moment. It is an ordinary connection to one server: it sends nothing twice and follows no redirect.
 */
export type NodeOf = (key: string) => Redis;

export interface Master {
  /** Absent where there is only one server. */
  readonly address?: string;
  readonly redis: Redis;
}

/** The server or cluster that REDIS_URL names, and our connections to it. */
export interface RedisNodes {
  /** Whether there is only one server, so that one script may access any two keys. */
  readonly isOne: boolean;
  readonly control: NodeOf;
  /**
   * A control connection to each server that takes writes. In a cluster, some of them may be disconnected at
   * the moment.
   */
  masters(): readonly Master[];
  openProducer(): Promise<NodeOf>;
  /**
   * Opens one connection that receives the messages of all channels, whichever node they were published on.
   */
  openSubscriber(): Promise<Redis>;
  /** Opens a `blocking` connection to the server that keeps `key` now. The caller closes it. */
  openBlocking(key: string, signal: AbortSignal): Promise<Redis>;
  /** Throws while no server answers. In a cluster the answer of one master is enough, because its keys are still served. */
  ping(): Promise<void>;
  /** Closes all connections; commands without a reply are rejected. */
  close(): Promise<void>;
}

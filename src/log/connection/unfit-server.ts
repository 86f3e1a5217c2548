import { ReplyError } from 'ioredis';

/**
 * Whether the server answered with an error, so that the command was not executed. Without an answer that is
 * unknown.
 */
export const isErrorReply = (error: unknown): error is Error => error instanceof ReplyError;

/**
 * The server answers but must not be used; the message says in one line why, and what to do. `server`: only this server;
 * `all`: every server that the URL leads to.
 */
export class UnfitServer extends Error {
  readonly reach: 'server' | 'all';
  constructor(why: string, reach: UnfitServer['reach'] = 'all') {
    super(why);
    this.name = 'UnfitServer';
    this.reach = reach;
  }
}

/** Error replies of a cluster node that does not keep the key. Nothing was executed. */
const elsewhere = /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/;

/**
 * Error replies of a server that was demoted, or is becoming a replica at this moment, while our connections
 * to it stay open. Nothing was executed. UNBLOCKED is also the reply when a stream is deleted while a reader
 * blocks on it.
 */
const demoted =
  /^(?:READONLY|MASTERDOWN|LOADING)\b|^UNBLOCKED force unblock|^ERR WAIT cannot be used with replica/;

/** The message contains the server's own words in brackets, because people search for them. */
export const demotedServer = ({ message }: Error): UnfitServer =>
  new UnfitServer(`the server is no primary any more (${message})`, 'server');

export type ServerRefusal = 'elsewhere' | 'demoted';

/** What an error reply says about the server itself; undefined when it is about the command. */
export const refusalIn = ({ message }: Error): ServerRefusal | undefined => {
  if (demoted.test(message)) return 'demoted';
  return elsewhere.test(message) ? 'elsewhere' : undefined;
};

import { ReplyError } from 'ioredis';

/** Whether the server answered with an error: then the command was not carried out. Without an answer that is unknown. */
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

/** Error replies of a cluster node that does not keep the key. Nothing was carried out. */
const elsewhere = /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/;

/**
 * Answers of a server that is no primary any more, or is becoming a replica at this moment, while our connections to it
 * stay. Nothing was carried out. UNBLOCKED is also said of a stream that is deleted under a blocked reader.
 */
const demoted =
  /^(?:READONLY|MASTERDOWN|LOADING)\b|^UNBLOCKED force unblock|^ERR WAIT cannot be used with replica/;

/** Its own words in brackets: they are what one searches for. */
export const demotedServer = ({ message }: Error): UnfitServer =>
  new UnfitServer(`the server is no primary any more (${message})`, 'server');

export type ServerRefusal = 'elsewhere' | 'demoted';

/** What an error reply says of the server itself; undefined when it is about the command. */
export const refusalIn = ({ message }: Error): ServerRefusal | undefined => {
  if (demoted.test(message)) return 'demoted';
  return elsewhere.test(message) ? 'elsewhere' : undefined;
};

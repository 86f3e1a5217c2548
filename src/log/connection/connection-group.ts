import type { Logger } from '../../domain/ports.ts';
import type { ServerCheck, ServerId } from './prepare-connection.ts';
import { UnfitServer } from './unfit-server.ts';

/** A connection of the group, while it is ready. */
export interface ReadyConnection {
  readonly server: ServerId;
  /** Throws UnfitServer when its server must not be used any more. */
  readonly recheck: () => Promise<void>;
  /** Rejects all further commands and reconnects, to the server that the name leads to by then. */
  readonly drop: (why: string) => void;
}

/**
 * The connections of one process for one URL. They leave a server together: a demoted server that stays up refuses only
 * writes, so a connection that only reads or listens would stay there for ever.
 */
export interface ConnectionGroup {
  join(member: ReadyConnection): void;
  leave(member: ReadyConnection): void;
  /** Called when the server of this connection has answered that it must not be used. */
  refused(member: ReadyConnection, fault: UnfitServer): void;
  /** Throws while every server that the URL leads to is unfit, until a check passes again. */
  readonly check: ServerCheck;
}

export interface ConnectionGroupOptions {
  /** The URL without its password, for log lines. */
  readonly where: string;
  readonly logger: Logger;
  readonly check?: ServerCheck | undefined;
  /** How often each connection is checked, whether it is in use or not. */
  readonly everyMs?: number | undefined;
}

const everyMsDefault = 5_000;

export const newConnectionGroup = (options: ConnectionGroupOptions): ConnectionGroup => {
  const { where, logger, everyMs = everyMsDefault } = options;
  const members = new Set<ReadyConnection>();
  let timer: NodeJS.Timeout | undefined;
  let unfit: string | undefined;

  const drop = (leaving: readonly ReadyConnection[], why: string): void => {
    if (leaving.length === 0) return;
    logger.warn(
      { redis: where, connections: leaving.length, why },
      'this Redis must not be used any more: its connections are made again, to where the name leads now',
    );
    for (const each of leaving) {
      leave(each);
      each.drop(why);
    }
  };

  const refused = (member: ReadyConnection, { message: why, reach }: UnfitServer): void => {
    // Commands that were sent before the connection was dropped get the same answer; the first one was
    // enough.
    if (!members.has(member)) return;
    const isThere = ({ server }: ReadyConnection): boolean =>
      reach === 'all' || server === member.server || server === undefined;
    drop(
      [...members].filter((each) => each === member || isThere(each)),
      why,
    );
  };

  const check: ServerCheck = async (checked) => {
    try {
      const verdict = (await options.check?.(checked)) ?? 'no-say';
      if (verdict === 'passed') unfit = undefined;
      if (unfit === undefined) return verdict;
    } catch (error) {
      if (!(error instanceof UnfitServer)) throw error;
      unfit = error.message;
      drop([...members], unfit);
    }
    throw new UnfitServer(unfit);
  };

  const recheckOne = async (member: ReadyConnection): Promise<void> => {
    try {
      await member.recheck();
    } catch (error) {
      // A server that does not answer is detected by the time limits of the connection.
      if (error instanceof UnfitServer) refused(member, error);
    }
  };

  const leave = (member: ReadyConnection): void => {
    members.delete(member);
    if (members.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    join: (member) => {
      members.add(member);
      timer ??= setInterval(() => void Promise.all([...members].map(recheckOne)), everyMs).unref();
    },
    leave,
    refused,
    check,
  };
};

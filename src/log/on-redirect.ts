import type { Redis } from 'ioredis';
import { isErrorReply } from './scripts.ts';

/** Answers of a node that it does not keep, or may not change, what it was asked for. Nothing was carried out. */
const redirect = /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|READONLY|UNBLOCKED)\b/;

/** Calls back when the node sends us elsewhere. The command is rejected all the same: whoever sent it knows best. */
export const onRedirect = (redis: Redis, listener: () => void): void => {
  const send = redis.sendCommand.bind(redis);
  const look = (error: unknown): void => {
    if (isErrorReply(error) && redirect.test(error.message)) listener();
  };
  redis.sendCommand = (command, stream) => {
    command.promise.catch(look);
    return send(command, stream);
  };
};

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { NodeOf } from './nodes.ts';
import { isErrorReply } from './unfit-server.ts';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

export interface ScriptCall {
  /** All of one hash slot; at least one. */
  readonly keys: readonly [string, ...string[]];
  readonly args: readonly (string | number)[];
}

const read = (name: string): string =>
  readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');

const newScript = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') });

/** A script of ./scripts. */
export const loadScript = (name: string): Script => newScript(read(name));

/** A script that uses the functions of stream-position.lua, which go behind its `#!lua` line. */
export const loadStreamScript = (name: string): Script => {
  const text = read(name);
  const body = text.indexOf('\n') + 1;
  return newScript(text.slice(0, body) + read('stream-position') + text.slice(body));
};

/** The server does not know the script, and did nothing. */
export const isNoScript = (error: unknown): boolean =>
  isErrorReply(error) && error.message.startsWith('NOSCRIPT');

/**
 * The reply with all strings as Buffers. Scripts are on the server before a connection is ready; should they be
 * flushed later, the text is sent, behind all that was sent meanwhile: where order matters, one call waits for another.
 */
export const runScript = async (nodeOf: NodeOf, script: Script, call: ScriptCall): Promise<unknown> => {
  const redis = nodeOf(call.keys[0]);
  try {
    return await sendByName(redis, script, call);
  } catch (error) {
    if (!isNoScript(error)) throw error;
    return await sendInFull(redis, script, call);
  }
};

export const sendByName = (redis: Redis, { sha }: Script, { keys, args }: ScriptCall): Promise<unknown> =>
  redis.callBuffer('evalsha', [sha, keys.length, ...keys, ...args]);

/** Leaves the script on the server, too. */
export const sendInFull = (redis: Redis, { text }: Script, { keys, args }: ScriptCall): Promise<unknown> =>
  redis.callBuffer('eval', [text, keys.length, ...keys, ...args]);

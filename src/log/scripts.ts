import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ReplyError } from 'ioredis';
import type { NodeOf } from './nodes.ts';

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

/** An answer of the server, as opposed to no answer: the command was not carried out. */
export const isErrorReply = (error: unknown): error is Error => error instanceof ReplyError;

/** The reply with all strings as Buffers. The text is sent only to a server that does not know it yet. */
export const runScript = async (
  nodeOf: NodeOf,
  { text, sha }: Script,
  call: ScriptCall,
): Promise<unknown> => {
  const redis = nodeOf(call.keys[0]);
  const rest = [call.keys.length, ...call.keys, ...call.args];
  try {
    return await redis.callBuffer('evalsha', [sha, ...rest]);
  } catch (error) {
    if (!(isErrorReply(error) && error.message.startsWith('NOSCRIPT'))) throw error;
    return await redis.callBuffer('eval', [text, ...rest]);
  }
};

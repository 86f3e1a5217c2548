import type { Redis } from 'ioredis';
import { parseStreamId } from '../domain/stream-id.ts';
import type { EncodedEntry } from './codec.ts';
import type { AppendVerdict } from './contract.ts';
import { isErrorReply, loadScript, runScript } from './scripts.ts';

const script = loadScript('append');

/** Keeps one script call short: the server does nothing else meanwhile. */
const atOnceMax = 250;

/** Appends entries of one stream in their order, in one command if they are several; a verdict each. Never rejects. */
export const sendAppends = async (
  redis: Redis,
  key: string,
  entries: readonly EncodedEntry[],
): Promise<readonly AppendVerdict[]> => {
  const sent: Promise<readonly AppendVerdict[]>[] = [];
  for (let at = 0; at < entries.length; ) {
    const some = entries.slice(at, endOfCommand(entries, at));
    const [first, second] = some;
    sent.push(first && !second ? sendOne(redis, key, first) : sendSeveral(redis, key, some));
    at += some.length;
  }
  return (await Promise.all(sent)).flat();
};

/** The script is told one version for all. */
const endOfCommand = (entries: readonly EncodedEntry[], from: number): number => {
  const last = Math.min(entries.length, from + atOnceMax);
  let end = from + 1;
  while (end < last && entries[end]?.[1] === entries[from]?.[1]) end += 1;
  return end;
};

const sendOne = async (redis: Redis, key: string, entry: EncodedEntry): Promise<readonly AppendVerdict[]> => {
  try {
    return [verdictOf(await redis.xadd(key, '*', ...entry))];
  } catch (error) {
    return [verdictOnError(error)];
  }
};

const sendSeveral = async (
  redis: Redis,
  key: string,
  entries: readonly EncodedEntry[],
): Promise<readonly AppendVerdict[]> => {
  try {
    const version = entries[0]?.[1] ?? '';
    const requests = entries.map(([, , , request]) => request);
    return parseAnswers(await runScript(() => redis, script, { keys: [key], args: [version, ...requests] }));
  } catch (error) {
    const verdict = verdictOnError(error);
    return entries.map(() => verdict);
  }
};

/** The reply of append.lua. */
const parseAnswers = (reply: unknown): readonly AppendVerdict[] =>
  (reply as Buffer[]).map((answer) => verdictOf(answer.toString('latin1')));

const verdictOf = (answer: string | null): AppendVerdict => {
  const streamId = parseStreamId(answer ?? '');
  if (streamId !== undefined) return { type: 'appended', streamId };
  return answer?.startsWith('!')
    ? { type: 'refused', why: answer.slice(1) }
    : { type: 'unknown', why: `Redis answered ${answer} to an append` };
};

/** An error that Redis answered with, and one raised before anything was written, put no entry there. */
const verdictOnError = (error: unknown): AppendVerdict => {
  const why = error instanceof Error ? error.message : String(error);
  return isErrorReply(error) || why.startsWith("Stream isn't writeable")
    ? { type: 'refused', why }
    : { type: 'unknown', why };
};

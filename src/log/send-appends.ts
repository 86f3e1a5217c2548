import type { Redis } from 'ioredis';
import { parseStreamId } from '../domain/stream-id.ts';
import type { EncodedEntry } from './codec.ts';
import type { AppendVerdict } from './contract.ts';
import { type Claim, parseOwner, rememberedMs } from './request-keys.ts';
import { isErrorReply, loadScript, runScript } from './scripts.ts';

const script = loadScript('append');

/** Keeps one script call short: the server does nothing else meanwhile. */
const atOnceMax = 250;

export interface Append {
  readonly entry: EncodedEntry;
  /** The key that the request is to have; it is not appended where another has it. */
  readonly claim: Claim | undefined;
}

/** Appends entries of one stream in their order, in one command if they are several; a verdict each. Never rejects. */
export const sendAppends = async (
  redis: Redis,
  key: string,
  appends: readonly Append[],
): Promise<readonly AppendVerdict[]> => {
  const sent: Promise<readonly AppendVerdict[]>[] = [];
  for (let at = 0; at < appends.length; ) {
    const some = appends.slice(at, endOfCommand(appends, at));
    const [first, second] = some;
    const alone = first && !second && !first.claim;
    sent.push(alone ? sendOne(redis, key, first.entry) : sendSeveral(redis, key, some));
    at += some.length;
  }
  return (await Promise.all(sent)).flat();
};

/** The script is told one version for all. */
const endOfCommand = (appends: readonly Append[], from: number): number => {
  const last = Math.min(appends.length, from + atOnceMax);
  let end = from + 1;
  while (end < last && appends[end]?.entry[1] === appends[from]?.entry[1]) end += 1;
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
  appends: readonly Append[],
): Promise<readonly AppendVerdict[]> => {
  try {
    const keys: [string, ...string[]] = [key];
    const args: (string | number)[] = [appends[0]?.entry[1] ?? '', rememberedMs];
    for (const { entry, claim } of appends) {
      if (claim) keys.push(claim.name);
      args.push(entry[3], claim?.value ?? '');
    }
    return parseAnswers(await runScript(() => redis, script, { keys, args }));
  } catch (error) {
    const verdict = verdictOnError(error);
    return appends.map(() => verdict);
  }
};

/** The reply of append.lua. */
const parseAnswers = (reply: unknown): readonly AppendVerdict[] =>
  (reply as Buffer[]).map((answer) => verdictOf(answer.toString('latin1')));

const verdictOf = (answer: string | null): AppendVerdict => {
  const streamId = parseStreamId(answer ?? '');
  if (streamId !== undefined) return { type: 'appended', streamId };
  if (answer?.startsWith('=')) return takenBy(answer.slice(1));
  return answer?.startsWith('!')
    ? { type: 'refused', why: answer.slice(1) }
    : { type: 'unknown', why: `Redis answered ${answer} to an append` };
};

const takenBy = (value: string): AppendVerdict => {
  try {
    return { type: 'taken', owner: parseOwner(value) };
  } catch (error) {
    return { type: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
};

/** An error that Redis answered with, and one raised before anything was written, put no entry there. */
const verdictOnError = (error: unknown): AppendVerdict => {
  const why = error instanceof Error ? error.message : String(error);
  return isErrorReply(error) || why.startsWith("Stream isn't writeable")
    ? { type: 'refused', why }
    : { type: 'unknown', why };
};

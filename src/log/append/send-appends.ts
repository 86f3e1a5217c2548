import type { Redis } from 'ioredis';
import { parseStreamId } from '../../domain/stream-id.ts';
import { isNoScript, type ScriptCall, sendByName, sendInFull } from '../../shared/redis-script.ts';
import { cork } from '../connection/cork.ts';
import { NotReady } from '../connection/readiness.ts';
import { loadScript } from '../connection/scripts.ts';
import { isErrorReply } from '../connection/unfit-server.ts';
import type { AppendVerdict } from '../contract.ts';
import type { EncodedEntry } from '../wire/codec.ts';
import type { ReplicaWait } from './await-replica.ts';
import { type KeyClaim, keyTtlMs, parseOwner } from './request-keys.ts';

const script = loadScript('append');

/** Limits the time of one script call: the server does nothing else meanwhile. */
const atOnceMax = 250;

export interface Append {
  readonly entry: EncodedEntry;
  /** The key to claim for the request, which is not appended when another request has it. */
  readonly claim: KeyClaim | undefined;
}

/**
 * Where appends go. `replicaWait` tells whether replicas have them; it is absent where one disk is enough.
 */
export interface Destination {
  readonly redis: Redis;
  /** The key of the stream. */
  readonly key: string;
  readonly replicaWait?: ReplicaWait | undefined;
}

/**
 * Appends entries of one stream in their order; several are sent in one command. Resolves to one verdict for
 * each. Never rejects.
 */
export const sendAppends = async (
  to: Destination,
  appends: readonly Append[],
): Promise<readonly AppendVerdict[]> => {
  const sent: Promise<readonly AppendVerdict[]>[] = [];
  for (let at = 0; at < appends.length; ) {
    const some = appends.slice(at, endOfCommand(appends, at));
    const [first, second] = some;
    const alone = first && !second && !first.claim;
    sent.push(alone ? sendOne(to, first.entry) : sendSeveral(to, some, some.length < appends.length));
    at += some.length;
  }
  return (await Promise.all(sent)).flat();
};

/** One call of the script appends entries of one version only. */
const endOfCommand = (appends: readonly Append[], from: number): number => {
  const last = Math.min(appends.length, from + atOnceMax);
  let end = from + 1;
  while (end < last && appends[end]?.entry[1] === appends[from]?.entry[1]) end += 1;
  return end;
};

const sendOne = async (
  { redis, key, replicaWait }: Destination,
  entry: EncodedEntry,
): Promise<readonly AppendVerdict[]> => {
  try {
    return await acknowledged([verdictOf(await redis.xadd(key, '*', ...entry))], replicaWait?.ofTurn);
  } catch (error) {
    return [verdictOnError(error)];
  }
};

/**
 * When there are several commands, each has the script in full. By its hash alone, a server that lost the script would
 * refuse the first command and may execute the next; the first, sent again, would then be out of order.
 */
const sendSeveral = async (
  to: Destination,
  appends: readonly Append[],
  isOneOfSeveral: boolean,
): Promise<readonly AppendVerdict[]> => {
  const { redis, replicaWait } = to;
  const call = callOf(to, appends);
  try {
    const reply = await (isOneOfSeveral ? sendInFull : sendByName)(redis, script, call);
    return await acknowledged(parseAnswers(reply), replicaWait?.ofTurn);
  } catch (error) {
    return isNoScript(error) ? await sendOnceMore(to, call, appends) : verdictsOnError(appends, error);
  }
};

/**
 * The first call failed because the server had lost the script (SCRIPT FLUSH), so nothing was appended. The
 * WAIT sent before does not cover what is sent now; this call needs its own.
 */
const sendOnceMore = async (
  { redis, replicaWait }: Destination,
  call: ScriptCall,
  appends: readonly Append[],
): Promise<readonly AppendVerdict[]> => {
  try {
    cork(redis);
    const reply = sendInFull(redis, script, call);
    const replicas = replicaWait?.sendAfterRepeat();
    return await acknowledged(parseAnswers(await reply), replicas);
  } catch (error) {
    return verdictsOnError(appends, error);
  }
};

const callOf = ({ key }: Destination, appends: readonly Append[]): ScriptCall => {
  const keys: [string, ...string[]] = [key];
  const args: (string | number)[] = [appends[0]?.entry[1] ?? '', keyTtlMs];
  for (const { entry, claim } of appends) {
    if (claim) keys.push(claim.name);
    args.push(entry[3], claim?.value ?? '');
  }
  return { keys, args };
};

const acknowledged = async (
  verdicts: readonly AppendVerdict[],
  replicas: Promise<boolean> | undefined,
): Promise<readonly AppendVerdict[]> =>
  replicas === undefined || (await replicas)
    ? verdicts
    : verdicts.map((verdict) => (verdict.type === 'appended' ? notReplicated : verdict));

const notReplicated: AppendVerdict = {
  type: 'unknown',
  why: 'no replica acknowledged the append in time',
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

const verdictsOnError = (appends: readonly Append[], error: unknown): readonly AppendVerdict[] => {
  const verdict = verdictOnError(error);
  return appends.map(() => verdict);
};

/** After an error reply of Redis, and after an error before anything was written, no entry was added. */
const verdictOnError = (error: unknown): AppendVerdict => {
  const why = error instanceof Error ? error.message : String(error);
  return isErrorReply(error) || error instanceof NotReady || why.startsWith("Stream isn't writeable")
    ? { type: 'refused', why }
    : { type: 'unknown', why };
};

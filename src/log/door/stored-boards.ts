import type { Redis } from 'ioredis';
import { partitionOf, type ShowId } from '../../domain/ids.ts';
import { writeTogether } from '../connection/cork.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { infoField } from '../connection/prepare-connection.ts';
import { parseTime } from '../connection/replies.ts';
import { boardKey, closingKey, fullKey, keysOf } from '../keys.ts';
import type { StoredBoard } from './board-views.ts';

export interface StoredBoardsOptions {
  readonly nodeOf: NodeOf;
  /** Whether one command may name the keys of any partitions. In a cluster they are in different slots. */
  readonly isOneServer?: boolean | undefined;
}

interface Question {
  readonly showId: ShowId;
  readonly answer: (stored: StoredBoard) => void;
  readonly fail: (error: unknown) => void;
}

/** Limits the time of one command: the server does nothing else meanwhile. */
const showsAtOnce = 250;

/**
 * Reads the boards of shows. Those that are asked for in one turn of the event loop are read by one MGET for each server, in
 * a cluster for each partition, and with one TIME: with thousands of shows most requests ask, and a command of their own
 * would cost as much as the rest of the request.
 */
export const newStoredBoards = ({
  nodeOf,
  isOneServer = false,
}: StoredBoardsOptions): ((showId: ShowId) => Promise<StoredBoard>) => {
  let asked: Question[] = [];

  const ask = (): void => {
    const groups = groupsOf(asked, isOneServer ? () => 0 : ({ showId }) => partitionOf(showId));
    asked = [];
    const times = new Map<Redis, Promise<number | undefined>>();
    const timeFrom = (redis: Redis): Promise<number | undefined> => {
      const time = times.get(redis) ?? timeOf(redis);
      times.set(redis, time);
      return time;
    };
    for (const group of groups) void answerAll(group, { nodeOf, timeFrom });
  };

  return (showId) =>
    new Promise((answer, fail) => {
      if (asked.push({ showId, answer, fail }) === 1) setImmediate(ask);
    });
};

type Group = readonly [Question, ...Question[]];

const groupsOf = (
  questions: readonly Question[],
  keyOf: (question: Question) => number,
): readonly Group[] => {
  const groups: Group[] = [];
  const open = new Map<number, Question[]>();
  for (const question of questions) {
    const key = keyOf(question);
    const group = open.get(key);
    if (group && group.length < showsAtOnce) group.push(question);
    else {
      const next: [Question, ...Question[]] = [question];
      groups.push(next);
      open.set(key, next);
    }
  }
  return groups;
};

interface Source {
  readonly nodeOf: NodeOf;
  readonly timeFrom: (redis: Redis) => Promise<number | undefined>;
}

/** Never rejects. */
const answerAll = async (group: Group, { nodeOf, timeFrom }: Source): Promise<void> => {
  try {
    const shows = group.map(({ showId }) => showId);
    const partitions = [...new Set(shows.map(partitionOf))];
    const seals = partitions.map((partition) => keysOf(partition).boardsSealed);
    const redis = nodeOf(keysOf(partitionOf(group[0].showId)).boardsSealed);
    const [values, timeMs] = await writeTogether(redis, () =>
      Promise.all([redis.mget([...shows.flatMap(keysOfShow), ...seals]), timeFrom(redis)]),
    );
    const marks = new Map(
      partitions.map((partition, n) => [partition, values[shows.length * keysAShow + n]]),
    );
    const markOf = (showId: ShowId) => marks.get(partitionOf(showId)) ?? undefined;
    const hasUnknown = shows.some((showId, n) => markOf(showId) && values[n * keysAShow] === null);
    const server = hasUnknown ? await primaryOf(redis) : undefined;
    for (const [n, { showId, answer }] of group.entries()) {
      const [board, full, closing] = values.slice(n * keysAShow, (n + 1) * keysAShow);
      answer({
        board: board ?? undefined,
        full: full ?? undefined,
        closing: closing ?? undefined,
        areBoardsComplete: server !== undefined && markOf(showId) === server,
        timeMs,
      });
    }
  } catch (error) {
    for (const { fail } of group) fail(error);
  }
};

const keysOfShow = (showId: ShowId): readonly string[] => {
  const partition = partitionOf(showId);
  return [boardKey(partition, showId), fullKey(partition, showId), closingKey(partition, showId)];
};

const keysAShow = 3;

/** Undefined where an access rule forbids TIME: the boards are used without it. */
const timeOf = (redis: Redis): Promise<number | undefined> => redis.time().then(parseTime, () => undefined);

/**
 * The server's run id, if it is a primary. Asked only before a show is called unknown. A demoted server lags behind the new
 * primary: a show opened there may be missing here while an older mark "boards complete" still stands; and a client refused at
 * the door causes no write, which alone would reveal that the server was demoted. A promoted one may have got the mark and not
 * the board, but the mark names another server then.
 */
const primaryOf = async (redis: Redis): Promise<string | undefined> => {
  try {
    const info = await redis.info('server', 'replication');
    return infoField(info, 'role') === 'master' ? infoField(info, 'run_id') : undefined;
  } catch {
    return undefined;
  }
};

import type { FeedItem } from '../../domain/feed/feed-item.ts';
import { encodeCursor } from '../../http/message/feed-cursor.ts';
import { parseGivenShowId } from '../../http/message/given-ids.ts';
import { representDecision } from '../../http/message/represent-decision.ts';
import type { DecisionSignals } from '../../log/signals-contract.ts';
import { parseFeedRequest } from '../../query/feed-request.ts';
import { followFeed, startOf } from '../../query/follow-feed.ts';
import { type FeedStore, openFeedStore } from '../../store/feed/open-feed-store.ts';
import type { FeedQuery } from '../../store/feed-contract.ts';
import { complain, type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { readerGone, written } from '../print/pipe.ts';
import { readConfig } from '../read-config.ts';
import { pairTag } from '../serve/pair-tag.ts';
import { listenForStop } from '../stop-signal.ts';
import { type CursorFile, openCursorFile } from './cursor-file.ts';

interface FeedOptions {
  readonly after: string | undefined;
  readonly 'cursor-file': string | undefined;
  readonly follow: boolean;
  readonly show: string | undefined;
  readonly types: string | undefined;
  readonly partition: number | undefined;
}

const pageSize = 1_000;
const lookMs = 250;

/** Prints decisions, a line of JSON each, and at the end on stderr the place to go on from. */
export const feed = async (options: FeedOptions, environment: NodeJS.ProcessEnv): Promise<ExitCode> => {
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  const file = await openCursorFile(options['cursor-file']);
  if ('misuse' in file) return wrong(file.misuse);
  const stopping = listenForStop(environment);
  const store = await openFeedStore(config.databaseUrl);
  const gone = readerGone(process.stdout);
  try {
    const pair = await pairTag(store)();
    const asked = await askedOf({ ...options, after: file.place ?? options.after }, pair, store);
    if ('misuse' in asked) return wrong(asked.misuse);
    const signal = AbortSignal.any([stopping, gone]);
    return await print(asked, { store, pair, file, gone, signal, follow: options.follow });
  } finally {
    await store.close();
  }
};

const wrong = (why: string): ExitCode => {
  complain('feed', why);
  return exitCodes.wrong;
};

const askedOf = async (
  { after, show: showId, types, partition }: FeedOptions,
  pair: string,
  { feed: reader, standings }: FeedStore,
): Promise<FeedQuery | { readonly misuse: string }> => {
  const partitions = (await standings()).progress.length;
  if (showId !== undefined && !parseGivenShowId(showId)) return { misuse: '--show must be the id of a show' };
  const filters = {
    ...(showId !== undefined && { showId }),
    ...(types !== undefined && { types }),
    ...(partition !== undefined && { partition }),
  };
  const parsed = parseFeedRequest({ after, limit: pageSize, ...filters }, { pair, partitions });
  if ('problem' in parsed) {
    const [fault] = parsed.problem.errors ?? [];
    return { misuse: fault ? `${fault.pointer.replace('?', '--')} ${fault.detail}` : parsed.problem.detail };
  }
  return await startOf(parsed.asked, reader);
};

interface Printing {
  readonly store: FeedStore;
  readonly pair: string;
  readonly file: CursorFile;
  /** Aborted when nobody reads the output any more. */
  readonly gone: AbortSignal;
  readonly signal: AbortSignal;
  readonly follow: boolean;
}

const print = async (
  asked: FeedQuery,
  { store, pair, file, gone, signal, follow }: Printing,
): Promise<ExitCode> => {
  let place = encodeCursor({ pair, seen: asked.seen });
  const source = { reader: store.feed, signals: clockwork, partitions: 0 };
  for await (const page of followFeed(asked, source, signal)) {
    if (page.type === 'changed') {
      const partitions = page.partitions.join(', ');
      complain(
        'feed',
        `the decisions at this place are gone or are others now, in partition ${partitions}: the database was restored; begin again with --partition and without --after`,
      );
      return exitCodes.failed;
    }
    await written(process.stdout, page.items.map(lineOf).join(''), gone);
    // What the reader did not take has to be printed again.
    if (gone.aborted) break;
    place = encodeCursor({ pair, seen: page.seen });
    await file.save(place);
    if (page.isEnd && !follow) break;
  }
  process.stderr.write(`next: --after ${place}\n`);
  return exitCodes.done;
};

const lineOf = (item: FeedItem): string => `${JSON.stringify(representDecision(item))}\n`;

/** The database alone is read: Redis need not be there for it. */
const clockwork: DecisionSignals = {
  listen: (_partitions, onDecided) => {
    const timer = setInterval(() => onDecided(0), lookMs);
    return { stop: () => clearInterval(timer) };
  },
};

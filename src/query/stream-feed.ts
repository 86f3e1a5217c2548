import type { FastifyReply } from 'fastify';
import { representDecision } from '../http/message/represent-decision.ts';
import type { FeedPage } from '../store/feed-contract.ts';
import type { EventStreams } from './event-streams.ts';

type ReadPage = Extract<FeedPage, { type: 'page' }>;

export interface FeedStream {
  readonly reply: FastifyReply;
  readonly streams: EventStreams;
  /** The place after a page, for Last-Event-ID. */
  readonly cursorOf: (page: ReadPage) => string;
}

/**
 * Answers with server-sent events: the first page, which was read before anything was answered, and the ones after it. The
 * stream ends when a page cannot be read or the history has changed: the client comes back with the last cursor, and that
 * answer says why.
 */
export const streamFeed = (
  first: ReadPage,
  rest: AsyncGenerator<FeedPage, void>,
  { reply, streams, cursorOf }: FeedStream,
): FastifyReply => {
  const stream = streams.open(reply, undefined);
  const sendAll = async (): Promise<void> => {
    let takesMore = await stream.sendText(textOf(first, cursorOf(first)));
    while (takesMore) {
      const { value: page } = await rest.next();
      if (page?.type !== 'page') break;
      takesMore = await stream.sendText(textOf(page, cursorOf(page)));
    }
  };
  void sendAll()
    .catch(() => undefined)
    .finally(() => {
      stream.end();
      void rest.return();
    });
  return reply;
};

/** Only the last event has an id, because a client that has seen a part of a page has to read it again. */
const textOf = ({ items }: ReadPage, cursor: string): string => {
  const events = items.map((item) => `data: ${JSON.stringify(representDecision(item))}\n\n`);
  // Without data it is no event: it only moves the client's place on.
  const last = events.pop() ?? '\n';
  return `${events.join('')}id: ${cursor}\n${last}`;
};

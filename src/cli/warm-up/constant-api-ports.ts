import { boardOf, fullPoolsOf } from '../../domain/board.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type RequestEvent, requestIdOf } from '../../domain/requests.ts';
import { beforeAll } from '../../domain/stream-id.ts';
import type { Boards, RequestAppender, RequestKeys } from '../../log/contract.ts';
import { newListening } from '../../log/outcomes/listening.ts';
import type { Subscriber } from '../../log/outcomes/subscriptions.ts';
import type { DecisionSignals } from '../../log/signals-contract.ts';
import { encodeEntry } from '../../log/wire/codec.ts';
import { encodeOutcomes } from '../../log/wire/outcome-codec.ts';
import type { Reader } from '../../store/contract.ts';
import type { FeedReader } from '../../store/feed-contract.ts';
import { fullShow, nothing, plainShow, reservationIdOf, reservationWith, silentLogger } from './sample.ts';

const nobody = async () => undefined;
const none = async () => new Map<never, never>();

/** What the routes need of the servers. A request is encoded and forgotten, and confirmed in the next turn of the event loop. */
export const constantApiPorts = () => {
  let receive: Subscriber['onMessage'] = nothing;
  const subscribe = ({ onMessage }: Subscriber) => {
    receive = onMessage;
    return { want: () => true, stop: nothing };
  };
  const publish = (outcome: Outcome): void => {
    for (const message of encodeOutcomes([outcome])) receive(0, Buffer.from(message));
  };
  const appender: RequestAppender = {
    append: async (_partition, request) => {
      encodeEntry(request);
      setImmediate(() => publish(outcomeOf(request)));
      return { type: 'appended', streamId: beforeAll };
    },
  };
  const { outcomes } = newListening({ subscribe, lookUp: none, logger: silentLogger });
  const backlogs = { of: () => ({ entries: 0, waitSeconds: 0, memoryUsed: 0 }) };
  const tail = { lastId: async () => beforeAll, mayHoldLate: async () => false };
  return {
    log: { appender, outcomes, boards, backlogs, requestKeys, signals, tail },
    store: { keyOnRecord: nobody, knownRequest: nobody, openShowsByPartition: none, reader, feed, standings },
  };
};

const outcomeOf = (request: RequestEvent): Outcome =>
  request.type === 'ReservationRequested'
    ? { type: 'reservation', reservation: reservationWith(request.reservationId) }
    : { type: 'answer', requestId: requestIdOf(request), reservation: reservationWith(reservationIdOf(1)) };

const view: Boards['view'] = async (showId) => {
  const full = showId === fullShow.showId ? fullPoolsOf(fullShow) : [];
  return { type: 'board', board: boardOf(plainShow), full };
};
const boards = { view, announceClosing: nobody, withdrawClosing: nobody };

const requestKeys: RequestKeys = {
  claim: async ({ fingerprint }, requestId) => ({ fingerprint, requestId }),
  owner: nobody,
};

const signals: DecisionSignals = { listen: () => ({ stop: nothing }) };
const feed: FeedReader = {
  page: async ({ seen }) => ({ type: 'page', items: [], seen, isEnd: true }),
  end: none,
};
const standings = async () => ({ home: '', pairId: undefined, progress: [] });

const reader: Reader = {
  reservation: async (id) => ({ reservation: reservationWith(id), watermark: beforeAll }),
  show: async () => ({ show: plainShow }),
  shows: async () => [],
  reservations: async () => ({ rows: [] }),
  history: async () => [],
};

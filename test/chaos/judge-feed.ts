import { isDeepStrictEqual } from 'node:util';
import type { AuditSource } from '../../src/audit/contract.ts';
import { openAuditSource } from '../../src/cli/verify/audit-source.ts';
import type { DecisionEvent } from '../../src/client/client.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import { deltasOf } from '../../src/domain/ledger.ts';
import { representWithCustomer } from '../../src/http/message/represent-reservation.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import { newReplay, type Replay, replayEntry } from '../support/replay.ts';
import type { Check } from './report.ts';
import type { FeedWalk } from './walk-feed.ts';
import type { ServerUrls } from './world.ts';

const pageSize = 1_000;
const shown = 3;

/** Whether the walk has every decision of the journal once, each partition's in order, with the state that the journal gives. */
export const judgeFeed = async (urls: ServerUrls, { events, problems }: FeedWalk): Promise<Check> => {
  const logger = newLogger({ level: 'silent', roles: ['chaos'] });
  const { source, close } = await openAuditSource({ ...urls, logger });
  try {
    const wrong = [...problems];
    for (const { partition } of await source.partitions())
      wrong.push(...(await differences(source, partition, eventsOf(events, partition))));
    const what = `the feed has each of ${events.length} decisions once, in order, as of then`;
    return wrong.length === 0
      ? { what, verdict: 'kept' }
      : { what: `${what}: ${wrong.slice(0, shown).join(' | ')}`, verdict: 'broken' };
  } finally {
    await close();
  }
};

const eventsOf = (events: readonly DecisionEvent[], partition: number): readonly DecisionEvent[] =>
  events.filter(({ id }) => id.startsWith(`${partition}-`));

const differences = async (
  source: AuditSource,
  partition: number,
  events: readonly DecisionEvent[],
): Promise<readonly string[]> => {
  const replay = newReplay();
  const wrong: string[] = [];
  let at = 0;
  for (let after = 0; ; ) {
    const page = await source.journal(partition, { after, limit: pageSize });
    for (const entry of page) {
      replayEntry(replay, entry);
      const fault = faultOf(partition, { entry, event: events[at], replay });
      if (fault !== undefined) wrong.push(fault);
      at += 1;
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.position;
  }
  if (at !== events.length) wrong.push(`partition ${partition}: ${events.length} events of ${at} decisions`);
  return wrong;
};

interface Pair {
  readonly entry: JournalEntry;
  readonly event: DecisionEvent | undefined;
  readonly replay: Replay;
}

const faultOf = (partition: number, { entry, event, replay }: Pair): string | undefined => {
  const { position, decision } = entry;
  const place = `${partition}-${position}-`;
  if (!event?.id.startsWith(place)) return `${event?.id ?? 'nothing'} where ${place} was due`;
  if (!event.data.complete) return `${event.id} is not complete`;
  const about = 'reservationId' in decision ? decision.reservationId : undefined;
  const reservation = about && replay.reservations.get(about);
  const isForeign = decision.type === 'RequestRefused' && decision.reason === 'not-found';
  const expected = reservation && !isForeign ? plain(representWithCustomer(reservation)) : undefined;
  if (!isDeepStrictEqual(event.data.reservation, expected))
    return `${event.id} has ${JSON.stringify(event.data.reservation)}, and the journal ${JSON.stringify(expected)}`;
  const pools = poolsOf(entry, replay);
  if (pools.length > 0 && !isDeepStrictEqual(event.data.pools, pools))
    return `${event.id} has ${JSON.stringify(event.data.pools)}, and the journal ${JSON.stringify(pools)}`;
  return undefined;
};

const poolsOf = ({ decision }: JournalEntry, { ledgers }: Replay) =>
  deltasOf(decision).map(({ showId, poolId }) => {
    const pool = ledgers.get(showId)?.pools.find(({ id }) => id === poolId);
    return { id: poolId, held: pool?.held, confirmed: pool?.confirmed, capacity: pool?.capacity };
  });

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

import type { Decision } from '../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import { deltasOf } from '../domain/ledger.ts';
import { answerTo, type Outcome, reservationInAnswer } from '../domain/outcome.ts';
import type { KnownRequest } from '../store/contract.ts';
import { boardsAfter, ensureBoards, opens, publishQuietly } from './boards.ts';
import type { DecidedBatch, Settlement } from './decide/batch.ts';
import type { OwnedPartition } from './owned-partition.ts';

/**
 * The queue of what is committed and not published, in the order of the commits. It is emptied here and nowhere else: right away;
 * or, when the next batch is decided already, during that batch's commit, so that outcomes are encoded while the database works.
 * Whoever must not go on before that waits for `owned.published`. Resolves when the next step may begin. A failure is only
 * logged: a waiter reads the tables before it gives up.
 */
export const publishCommitted = async (
  owned: OwnedPartition,
  settled: Settlement,
  when: 'now' | 'during-next-commit',
): Promise<void> => {
  const begins = when === 'now' ? owned.published : Promise.all([owned.published, nextCommitSent(owned)]);
  owned.published = begins.then(() => publishQueued(owned, settled));
  if (when === 'now') await owned.published;
};

/** The next step begins in the turn of the event loop that follows, and sends its commit first. */
const nextCommitSent = async ({ clock }: OwnedPartition): Promise<void> => {
  await clock.sleep(0);
  await clock.sleep(0);
};

const publishQueued = async (owned: OwnedPartition, settled: Settlement): Promise<void> => {
  const { logger, partition } = owned;
  try {
    await publishOne(owned, settled);
  } catch (err) {
    logger.error({ partition, err }, 'committed, but its outcomes could not be made');
    owned.boardsComplete = false;
  }
};

/** Outcomes of duplicates are included, because their senders wait as well. */
const publishOne = async (owned: OwnedPartition, { batch, known }: Settlement): Promise<void> => {
  // Outcomes of duplicates are older than the batch, so they go first: a watcher must receive the present state last.
  const outcomes = [...repeated(known), ...outcomesOf(batch)];
  const published = await publishQuietly(owned, {
    outcomes,
    boards: boardsAfter(owned, batch),
    position: batch.after.position,
  });
  if (!published) owned.boardsComplete = false;
  if (opens(batch)) await ensureBoards(owned);
};

const repeated = (known: ReadonlyMap<RequestId, KnownRequest>): readonly Outcome[] =>
  [...known.values()].flatMap((settled) =>
    settled.type === 'parked' || settled.type === 'unreadable' ? [] : [settled],
  );

/** The outcomes of a batch: each reservation and show it changed, once, and an answer to each request about an existing one. */
export const outcomesOf = (batch: DecidedBatch): readonly Outcome[] => {
  const changed = new Set<ReservationId>();
  const shows = new Set<ShowId>();
  const answers: Outcome[] = [];
  for (const { decision, requestId } of batch.journal) {
    if ('reservationId' in decision && decision.reservationId) changed.add(decision.reservationId);
    if (changesShow(decision)) shows.add(decision.showId);
    if (requestId && !namesItself(decision, requestId)) answers.push(answerOf(batch, decision, requestId));
  }
  return [
    ...[...changed].flatMap((id): readonly Outcome[] => {
      const reservation = batch.reservations.get(id);
      return reservation ? [{ type: 'reservation', reservation }] : [];
    }),
    ...[...shows].flatMap((id): readonly Outcome[] => {
      const show = batch.ledgers.get(id);
      return show ? [{ type: 'show', show }] : [];
    }),
    ...answers,
  ];
};

type ShowDecision = Extract<Decision, { showId: ShowId }>;

const changesShow = (decision: Decision): decision is ShowDecision =>
  decision.type === 'ShowOpened' || decision.type === 'ShowChanged' || deltasOf(decision).length > 0;

/** A request that made a reservation or opened a show is answered by that reservation or show itself. */
const namesItself = (decision: Decision, requestId: RequestId): boolean =>
  ('lines' in decision && decision.reservationId === requestId) ||
  (decision.type === 'ShowOpened' && decision.showId === requestId);

const answerOf = (batch: DecidedBatch, decision: Decision, requestId: RequestId): Outcome => {
  const id = reservationInAnswer(decision);
  return answerTo(
    { requestId, decision },
    {
      reservation: id && batch.reservations.get(id),
      show: decision.type === 'ShowChanged' ? batch.ledgers.get(decision.showId) : undefined,
    },
  );
};

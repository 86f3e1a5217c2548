import type { Clock, Random } from '../../domain/ports.ts';
import { backoffMs } from '../../shared/backoff.ts';
import { answerName, type Outcome, outcomeOf } from './outcome.ts';
import type { Plan, Pool } from './plan.ts';
import type { Message, Sender } from './sender.ts';
import type { Tally } from './tally.ts';

export interface Line {
  readonly poolId: Pool['id'];
  readonly quantity: number;
}

/** A reservation as its customer knows it. */
export interface CustomerRecord {
  readonly customer: string;
  readonly lines: readonly Line[];
  /** How far a confirm went. Without one the reservation must not become confirmed. */
  confirm?: 'sent' | 'answered';
  /** The confirm was accepted before the hold can have ended, by any clock. */
  isInTime?: true;
  /** Status by the last answer; absent until an answer has one. */
  status?: string;
}

/** What all customers share. */
export interface Stage {
  readonly plan: Plan;
  /** New for each rehearsal, so that its customers and keys differ from those of an earlier one. */
  readonly run: string;
  readonly showId: string;
  readonly sender: Sender;
  readonly headersOf: (customer: string) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly tally: Tally;
  readonly records: Map<string, CustomerRecord>;
  /** Keys that got two ids, or no id after they had got one. */
  readonly split: string[];
  /** Called when a request for places is answered. */
  readonly onReached: () => void;
  /** Aborted when stragglers are no longer awaited. */
  readonly over: AbortSignal;
}

const triesMax = 6;
const pauses = { first: 200, last: 2_000 };
const retryAfterMsMax = 10_000;
const waitSeconds = 10;

/** One customer, from the first POST to the last: requests places, perhaps twice by mistake, then confirms, cancels or leaves. */
export const playCustomer = async (stage: Stage, request: number, intendedMs: number): Promise<void> => {
  const customer = `rehearsal-${stage.run}-${request % stage.plan.customers}`;
  const lines = linesOf(request);
  const message = requestMessage(stage, { customer, request, lines });
  // A hold begins at its decision, which is later than this.
  const heldUntilMs = stage.clock.monotonicMs() + stage.plan.holdSeconds * 1_000;
  const first = await persist(stage, message);
  noteFirst(stage, { outcome: first, request, intendedMs });
  if (!isMade(first)) return;
  const record: CustomerRecord = { customer, lines };
  stage.records.set(first.id, record);
  const outcome = first.type === 'queued' ? await look(stage, { id: first.id, customer }) : first;
  if (outcome.type === 'decided') record.status = outcome.status;
  if (outcome.type === 'rejected') record.status = 'rejected';
  if (outcome.type === 'decided' || outcome.type === 'rejected')
    stage.tally.decided(stage.clock.monotonicMs() - intendedMs, request / stage.plan.requests);
  if (outcome.type === 'queued') stage.tally.count('undecided');
  if (request % 50 === 7) await askAgain(stage, message, first.id);
  if (outcome.type === 'rejected') stage.tally.end(`rejected: ${outcome.code}`);
  else if (outcome.type === 'odd') stage.tally.odd(outcome.text);
  else await goOn(stage, { id: first.id, record, request, heldUntilMs });
};

/** One to three standing places; every tenth request also asks for a balcony place, all or nothing. */
const linesOf = (request: number): readonly Line[] => [
  { poolId: 'standing', quantity: 1 + (request % 3) },
  ...(request % 10 === 3 ? [{ poolId: 'balcony', quantity: 1 } as const] : []),
];

interface Request {
  readonly customer: string;
  readonly request: number;
  readonly lines: readonly Line[];
}

/** Half of the customers wait for the decision; the others take the 202 and read the outcome later. */
const waits = (request: number): boolean => request % 2 === 0;

const requestMessage = (stage: Stage, { customer, request, lines }: Request): Message => ({
  method: 'POST',
  path: '/v1/reservations',
  headers: {
    ...stage.headersOf(customer),
    'idempotency-key': `"${stage.run}-${request}"`,
    ...(waits(request) && { prefer: `wait=${waitSeconds}` }),
  },
  body: { showId: stage.showId, lines },
});

type MadeReservation = Extract<Outcome, { readonly id: string }>;

const isMade = (outcome: Outcome): outcome is MadeReservation => 'id' in outcome;

interface FirstOutcome {
  readonly outcome: Outcome;
  readonly request: number;
  readonly intendedMs: number;
}

const noteFirst = (
  { tally, clock, onReached }: Stage,
  { outcome, request, intendedMs }: FirstOutcome,
): void => {
  if (outcome.type === 'try-again') return noteGivenUp(tally, outcome);
  if (outcome.type === 'cut-short') {
    tally.count('givenUp');
    tally.count('cutShort');
    return tally.end('cut short');
  }
  if (outcome.type === 'denied') return tally.end(`denied: ${outcome.code}`);
  if (outcome.type === 'odd') return tally.odd(outcome.text);
  tally.count('reached');
  onReached();
  if (!waits(request) || outcome.type === 'refused') tally.time('answered', clock.monotonicMs() - intendedMs);
  if (outcome.type === 'refused') tally.end(`refused: ${outcome.code}`);
};

/** A request that never left this machine has left no reservation. */
const noteGivenUp = (
  tally: Tally,
  { code, answer }: Extract<Outcome, { readonly type: 'try-again' }>,
): void => {
  tally.count(answer === 'not-sent' ? 'unsent' : 'givenUp');
  if (answer === 'none') tally.count('unanswered');
  tally.end(`gave up: ${code}`);
};

const look = (stage: Stage, { id, customer }: { readonly id: string; readonly customer: string }) =>
  persist(stage, {
    method: 'GET',
    path: `/v1/reservations/${id}`,
    headers: { ...stage.headersOf(customer), prefer: `wait=${waitSeconds}` },
  });

/** A double click: the same key must mean the same reservation. */
const askAgain = async (stage: Stage, message: Message, id: string): Promise<void> => {
  const again = await persist(stage, message);
  if (isMade(again) && again.id !== id) stage.split.push(`one key made ${id} and ${again.id}`);
  if (again.type === 'refused' || again.type === 'odd')
    stage.split.push(`one key made ${id}, and then ${again.type === 'odd' ? again.text : again.code}`);
};

interface Hold {
  readonly id: string;
  readonly record: CustomerRecord;
  readonly request: number;
  /** The earliest end of the hold, by our monotonic clock. */
  readonly heldUntilMs: number;
}

/** Of ten customers six confirm, two cancel and two never return, so that their holds lapse. */
const goOn = async (stage: Stage, { id, record, request, heldUntilMs }: Hold): Promise<void> => {
  const { tally, clock } = stage;
  const fate = Math.floor(request / 2) % 10;
  if (fate >= 8) return tally.end('left to lapse');
  const verb = fate < 6 ? 'confirm' : 'cancel';
  if (verb === 'confirm') record.confirm = 'sent';
  const beganMs = clock.monotonicMs();
  const outcome = await persist(stage, {
    method: 'POST',
    path: `/v1/reservations/${id}/${verb}`,
    headers: { ...stage.headersOf(record.customer), 'idempotency-key': `"${stage.run}-${request}-${verb}"` },
    body: {},
  });
  tally.time('followedUp', clock.monotonicMs() - beganMs);
  if (outcome.type === 'decided') record.status = outcome.status;
  if (verb === 'confirm' && isFinal(outcome)) record.confirm = 'answered';
  if (verb === 'confirm' && isMade(outcome) && clock.monotonicMs() < heldUntilMs) record.isInTime = true;
  if (outcome.type === 'odd') tally.odd(outcome.text);
  else tally.end(`${verb}: ${wordOf(outcome)}`);
};

const isFinal = ({ type }: Outcome): boolean =>
  type === 'decided' || type === 'rejected' || type === 'refused';

const wordOf = (outcome: Exclude<Outcome, { readonly type: 'odd' }>): string => {
  if (outcome.type === 'decided') return outcome.status;
  return 'code' in outcome ? outcome.code : outcome.type;
};

/** Retries until there is an answer, with the same key each time, as clients should. */
const persist = async (stage: Stage, message: Message): Promise<Outcome> => {
  const { sender, tally, clock, random, over } = stage;
  let isSent = false;
  for (let tries = 1; ; tries++) {
    const reply = await sender.send(message);
    if (reply.type === 'answer') tally.answer(answerName(reply));
    const outcome = outcomeOf(reply);
    if (outcome.type === 'denied') tally.denied(outcome);
    if (outcome.type !== 'try-again') return outcome;
    tally.repeat(outcome.code, outcome.detail);
    isSent ||= outcome.answer !== 'not-sent';
    if (tries >= triesMax || over.aborted)
      return isSent && outcome.answer === 'not-sent' ? { ...outcome, answer: 'none' } : outcome;
    const ownMs = backoffMs(tries, pauses, random);
    await clock.sleep(Math.max(ownMs, Math.min(outcome.afterMs, retryAfterMsMax)), over);
  }
};

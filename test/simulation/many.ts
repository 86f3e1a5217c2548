import { answerOneOfMany, type OneAnswer, type SharedCall } from '../../src/command/answer-one-of-many.ts';
import { newShowId } from '../../src/command/new-id.ts';
import type { ShowId } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { ReservationRequested } from '../../src/domain/requests.ts';
import { pendingReservation } from '../../src/domain/reservation.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import type { ReservationBody } from '../../src/http/message/represent-reservation.ts';
import { type Problem, ProblemError } from '../../src/http/problems/problem.ts';
import type { RequestAppender } from '../../src/log/contract.ts';
import type { Api } from './api.ts';
import { isSteady } from './door-refusals.ts';
import { indigestible } from './memory-store/insert-statements.ts';
import type { ClientAction } from './plan.ts';
import type { World } from './world.ts';

type Many = Extract<ClientAction, { type: 'many' }>;

/** What a client sends for one customer, and what became of it in the latest call. */
interface Part {
  readonly sent: { readonly showId: ShowId } & object;
  readonly isKeyed: boolean;
  request?: ReservationRequested;
  isOpen: boolean;
}

const triesMax = 4;

/**
 * A client that collects: one call for several customers, which is answered when all of them are. What was left open
 * is sent again with its keys, in one call.
 */
export const askForMany = async (world: World, { requests, waitMs }: Many): Promise<void> => {
  let parts = requests.map((each) => partOf(world, each));
  for (let tries = 1; tries <= triesMax && parts.length > 0; tries += 1) {
    const api = world.anyApi();
    if (api) await callOnce(world, api, { parts, waitMs });
    parts = parts.filter(({ isKeyed, isOpen }) => isKeyed && isOpen);
    if (parts.length > 0) await world.client.clock.sleep(100 * 2 ** tries * (0.5 + world.random.next()));
  }
};

const partOf = (
  world: World,
  { show, customer, lines, key, mistake, isIndigestible }: Many['requests'][number],
): Part => {
  const { shows } = world.history;
  const known = mistake === 'show' ? undefined : shows[show % Math.max(1, shows.length)];
  const options = { clock: world.client.clock, random: world.random.next };
  const sent = {
    customerId: `customer-${customer}`,
    showId: known ?? newShowId(show % world.settings.partitions, options),
    lines:
      mistake === 'lines' ? [] : lines.map(({ pool, quantity }) => ({ poolId: `pool-${pool}`, quantity })),
    ...(isIndigestible && { reference: indigestible }),
    ...(key !== undefined && { key: `many-${key}` }),
  };
  return { sent, isKeyed: key !== undefined, isOpen: true };
};

interface Call {
  readonly parts: readonly Part[];
  readonly waitMs: number;
}

const callOnce = async (world: World, api: Api, { parts, waitMs }: Call): Promise<void> => {
  const { history, redisMs } = world;
  const fromMs = redisMs();
  const call: SharedCall = { ...sharedCall, wait: { ms: waitMs } };
  for (const part of parts) part.isOpen = true;
  const answering = Promise.all(
    parts.map((part, index) =>
      answerOneOfMany({ part: part.sent, index }, call, {
        ...api.options,
        appender: noting(world, api, part),
      }),
    ),
  );
  answering.catch((error: unknown) => history.unanswered(`${parts.length} requests: ${String(error)}`));
  const answers = await world.answered(api, answering);
  world.note(`client many ${answers?.map(({ status }) => status).join(' ') ?? 'unknown'}`);
  for (const [n, part] of parts.entries()) {
    const answer = answers?.[n];
    if (answer) noteAnswer(world, { part, answer, fromMs });
  }
};

/** Everything of HTTP that a request of such a call meets. */
const sharedCall: Omit<SharedCall, 'wait'> = {
  actingFor: undefined,
  accepted: (request) => request,
  countOne: () => undefined,
  traceIdOf: () => undefined,
  explainError: (error): Problem =>
    error instanceof ProblemError ? error.problem : { code: 'internal-error', detail: String(error) },
};

const noting = ({ history }: World, { options: { appender } }: Api, part: Part): RequestAppender => ({
  append: (partition, request, claim) => {
    history.sends(request);
    if (request.type === 'ReservationRequested') part.request = request;
    return appender.append(partition, request, claim);
  },
});

interface Answered {
  readonly part: Part;
  readonly answer: OneAnswer;
  readonly fromMs: number;
}

/** A problem with an instance is that of a decision; one without was found before anything was sent. */
const noteAnswer = (world: World, { part, answer, fromMs }: Answered): void => {
  const { history, redisMs } = world;
  const { request } = part;
  part.isOpen = answer.status >= 500;
  if (part.isOpen) return;
  const problem = answer.problem && parseProblem(answer.problem);
  if (request && (!problem || problem.instance !== undefined))
    history.ends(request, 'ok', toldOf(request, answer));
  else if (problem && isSteady(world))
    history.refused({ showId: part.sent.showId, problem, isKnown: false, fromMs, toMs: redisMs() });
};

/** Only of a first decision that was made in the call. */
const toldOf = (
  request: ReservationRequested,
  { status, reservation, replayed }: OneAnswer,
): Outcome | undefined => {
  if (status !== 201 || replayed || !reservation) return undefined;
  const { status: decided, decidedAt = '' } = parseReservation(reservation);
  return {
    type: 'reservation',
    reservation: {
      ...pendingReservation(request, beforeAll),
      status: decided,
      decidedAtMs: Date.parse(decidedAt),
    },
  };
};

const parseProblem = (body: object): Problem => body as Problem;
const parseReservation = (body: object): ReservationBody => body as ReservationBody;

import { newRequestId, newShowId } from '../../src/command/new-id.ts';
import { requestKeyOf } from '../../src/command/request-key.ts';
import {
  type CustomerId,
  type PoolId,
  parseCustomerId,
  parsePoolId,
  partitionOf,
} from '../../src/domain/ids.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import type { Api, CallEnd } from './api.ts';
import { call } from './api.ts';
import { isSteady } from './door-refusals.ts';
import { beginningMs } from './machine.ts';
import { askForMany } from './many.ts';
import { indigestible } from './memory-store/insert-statements.ts';
import type { ClientAction } from './plan.ts';
import { look, sendNewer, watch } from './readers.ts';
import type { World } from './world.ts';

const triesMax = 6;

/** A client's call, from its first attempt to its final result. Never rejects. */
export const act = async (world: World, action: ClientAction): Promise<void> => {
  const api = world.anyApi();
  if (!api) return;
  if (action.type === 'again') return await sendAgain(world, api, action.nth);
  if (action.type === 'many') return await askForMany(world, action);
  if (action.type === 'look') return await look(world, api, action.nth);
  if (action.type === 'watch') return await watch(world, api, action.nth);
  const asked = await world.answered(api, requestOf(world, api, action));
  if (!asked) return;
  if (action.type === 'newer') return await sendNewer(world, asked);
  const { waitMs = 1_000 } = 'waitMs' in action ? action : {};
  const end = await oneTry(world, api, asked, waitMs);
  world.note(`client ${action.type} ${end.type}`);
  if (asked.key && isWorthAnotherTry(end)) await tryOn(world, asked, waitMs);
};

/** Tries again with the same key, as our client library does, at any process that is up by then. */
const tryOn = async (world: World, asked: RequestEvent, waitMs: number): Promise<void> => {
  for (let tries = 2; tries <= triesMax; tries += 1) {
    await world.client.clock.sleep(100 * 2 ** tries * (0.5 + world.random.next()));
    const api = world.anyApi();
    if (!api) continue;
    const end = await oneTry(world, api, withNewId(api, asked), waitMs);
    world.note(`client again ${end.type}`);
    if (!isWorthAnotherTry(end)) return;
  }
};

const isWorthAnotherTry = ({ type }: CallEnd): boolean => type === 'failed' || type === 'unknown';

const oneTry = async (world: World, api: Api, asked: RequestEvent, waitMs: number): Promise<CallEnd> => {
  const fromMs = world.redisMs();
  const { history } = world;
  const era = history.era();
  const wasKnown = history.isKnownShow(asked);
  const answer = call(api, asked, { waitMs, history: world.history });
  // An error before anything was sent is answered with 503.
  const end = answer.catch((): CallEnd => ({ type: 'failed' }));
  const known = (await world.answered(api, end)) ?? { type: 'unknown' };
  if (known.type !== 'refused' || asked.type !== 'ReservationRequested') return known;
  const { problem } = known;
  const isKnown = wasKnown && history.era() === era;
  if (isSteady(world) || problem.code === 'not-found')
    history.refused({ showId: asked.showId, problem, isKnown, fromMs, toMs: world.redisMs() });
  return known;
};

const sendAgain = async (world: World, api: Api, nth: number): Promise<void> => {
  const { history } = world;
  const request = history.sent.at(-1 - (nth % Math.max(1, history.sent.length)));
  if (!request) return;
  const id = 'showId' in request ? request.showId : request.reservationId;
  history.sends(request);
  await world.answered(api, api.options.appender.append(partitionOf(id), request));
};

const requestOf = async (
  world: World,
  api: Api,
  action: Exclude<ClientAction, { type: 'again' | 'look' | 'watch' | 'many' }>,
): Promise<RequestEvent | undefined> => {
  switch (action.type) {
    case 'open':
      return openingOf(world, api, action);
    case 'reserve':
    case 'newer':
      return reservationOf(world, api, action);
    case 'change':
      return await changeOf(world, api, action);
    case 'confirm':
    case 'extend':
    case 'cancel':
      return followUpOf(world, api, action);
  }
};

type ActionOf<Type extends ClientAction['type']> = Extract<ClientAction, { type: Type }>;

const openingOf = (world: World, { options }: Api, action: ActionOf<'open'>): RequestEvent => ({
  type: 'ShowOpeningRequested',
  showId: newShowId(action.show % world.settings.partitions, options),
  name: `show ${action.show}`,
  pools: action.capacities.map((capacity, n) => ({ id: poolOf(n), name: `pool ${n}`, capacity })),
  rules: {
    ...(action.holdSeconds !== undefined && { holdSeconds: action.holdSeconds }),
    ...(action.maxPerCustomer !== undefined && { maxPerCustomer: action.maxPerCustomer }),
    ...(action.maxPerRequest !== undefined && { maxPerRequest: action.maxPerRequest }),
    ...(action.confirmBy && { confirmBy: action.confirmBy }),
    ...(action.opensInMs !== undefined && { opensAtMs: beginningMs + action.opensInMs }),
    ...(action.closesInMs !== undefined && { closesAtMs: beginningMs + action.closesInMs }),
  },
});

const reservationOf = (
  world: World,
  { options }: Api,
  action: ActionOf<'reserve' | 'newer'>,
): RequestEvent | undefined => {
  const { shows } = world.history;
  const showId = shows[action.show % Math.max(1, shows.length)];
  if (!showId) return undefined;
  const customerId = customerOf(action.customer);
  const lines = linesOf(action.lines);
  const key = keyOf(action, customerId, ['reserve', showId, lines]);
  return {
    type: 'ReservationRequested',
    reservationId: options.reservationIds.mint(partitionOf(showId), customerId),
    showId,
    customerId,
    lines,
    ...('isIndigestible' in action && action.isIndigestible && { reference: indigestible }),
    ...(key && { key }),
  };
};

const followUpOf = (
  { history }: World,
  { options }: Api,
  action: ActionOf<'confirm' | 'extend' | 'cancel'>,
): RequestEvent | undefined => {
  const { reservations } = history;
  const reservation = reservations.at(-1 - (action.nth % Math.max(1, reservations.length)));
  if (!reservation) return undefined;
  const { customerId } = reservation;
  const { type, reference, lines, isIndigestible } = action;
  const key = keyOf(action, customerId, [type, reservation.id, reference ?? null, lines ?? null]);
  const followUp = {
    requestId: newRequestId(partitionOf(reservation.id), options),
    reservationId: reservation.id,
    ...(action.by === 'service' ? { actor: 'service' as const } : { customerId, actor: 'customer' as const }),
    ...(key && { key }),
  };
  switch (type) {
    case 'confirm':
      return {
        type: 'ConfirmationRequested',
        ...followUp,
        ...(reference !== undefined && { reference: `payment-${reference}` }),
        ...(isIndigestible && { reference: indigestible }),
      };
    case 'extend':
      return { type: 'ExtensionRequested', ...followUp };
    case 'cancel':
      return { type: 'CancellationRequested', ...followUp, ...(lines && { lines: linesOf(lines) }) };
  }
};

const changeOf = async (
  { history: { shows } }: World,
  { options, reader }: Api,
  action: ActionOf<'change'>,
): Promise<RequestEvent | undefined> => {
  const showId = shows[action.show % Math.max(1, shows.length)];
  const { show } = showId ? await reader.show(showId) : {};
  if (!show) return undefined;
  const { capacity, closed, maxPerCustomer, opensInMs, closesInMs } = action;
  return {
    type: 'ShowChangeRequested',
    requestId: newRequestId(partitionOf(show.showId), options),
    showId: show.showId,
    ...revisionsFor(action, show.revision),
    ...(capacity !== undefined && { pools: [{ id: poolOf(action.pool), capacity }] }),
    rules: {
      ...(closed !== undefined && { closed }),
      ...(maxPerCustomer !== undefined && { maxPerCustomer }),
      ...(opensInMs !== undefined && { opensAtMs: atOf(opensInMs) }),
      ...(closesInMs !== undefined && { closesAtMs: atOf(closesInMs) }),
    },
    force: action.force,
  };
};

const atOf = (inMs: number | null): number | null => inMs && beginningMs + inMs;

/**
 * Any revision, two revisions, or the one that was read. The choice is derived from numbers that the plan
 * draws anyway: one more draw would change the sale of every seed that is known for a failure.
 */
const revisionsFor = (
  { capacity }: ActionOf<'change'>,
  revision: number,
): { revisions?: readonly number[] } => {
  if (capacity === 5) return {};
  return { revisions: capacity === 9 ? [revision + 1, revision] : [revision] };
};

/** Each try is a request of its own until its key shows which request owns it. */
const withNewId = ({ options }: Api, asked: RequestEvent): RequestEvent => {
  if (asked.type === 'ReservationRequested')
    return {
      ...asked,
      reservationId: options.reservationIds.mint(partitionOf(asked.showId), asked.customerId),
    };
  if (asked.type === 'ShowOpeningRequested') return asked;
  const id = 'reservationId' in asked ? asked.reservationId : asked.showId;
  return { ...asked, requestId: newRequestId(partitionOf(id), options) };
};

const keyOf = (action: { readonly key?: number }, customerId: CustomerId, command: readonly unknown[]) =>
  requestKeyOf(action.key === undefined ? undefined : `key-${action.key}`, {
    scope: ['customer', customerId],
    command: () => command,
  });

const made = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('a name of the simulation has to be a valid one');
  return value;
};

const linesOf = (lines: ActionOf<'reserve'>['lines']) =>
  lines.map(({ pool, quantity }) => ({ poolId: poolOf(pool), quantity }));

const poolOf = (n: number): PoolId => made(parsePoolId(`pool-${n}`));
const customerOf = (n: number): CustomerId => made(parseCustomerId(`customer-${n}`));

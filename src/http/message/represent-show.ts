import Type from 'typebox';
import { available, type ShowLedger } from '../../domain/ledger.ts';
import { limits } from '../../domain/limits.ts';
import type { ShowRules } from '../../domain/requests.ts';
import { nameField, poolIdField, showIdField, timeField } from './fields.ts';
import { firstMs, lastMs } from './parse-time.ts';
import { timeText } from './represent-reservation.ts';

const count = Type.Integer({ minimum: 0 });

export const maxPerRequestField = Type.Integer({
  minimum: 1,
  maximum: limits.linesPerReservation * limits.quantityPerLine,
  description: 'Places one reservation may ask for, over all its lines.',
});

export const maxPerCustomerField = Type.Integer({
  minimum: 1,
  maximum: limits.capacity,
  description: 'Places one customer may have of the show, held and confirmed, over all reservations.',
});

export const holdSecondsField = Type.Integer({
  minimum: 1,
  maximum: limits.holdSecondsMax,
  description: 'With it, places are held for so long and have to be confirmed.',
});

export const confirmByField = Type.Unsafe<'customer' | 'service'>({
  type: 'string',
  enum: ['customer', 'service'],
  description: 'Who may confirm a hold; the customer unless said otherwise.',
});

export const capacityField = Type.Integer({ minimum: 0, maximum: limits.capacity });

export const showSchema = Type.Object(
  {
    id: showIdField,
    name: nameField,
    revision: Type.Integer({
      minimum: 1,
      description: 'Raised by changes to the show, not by reservations.',
    }),
    pools: Type.Array(
      Type.Object({
        id: poolIdField,
        name: nameField,
        capacity: capacityField,
        held: count,
        confirmed: count,
        available: Type.Integer(),
        target: Type.Optional(
          Type.Integer({ minimum: 0, description: 'Capacity follows down to it as places come back.' }),
        ),
      }),
    ),
    maxPerRequest: Type.Optional(maxPerRequestField),
    maxPerCustomer: Type.Optional(maxPerCustomerField),
    holdSeconds: Type.Optional(holdSecondsField),
    confirmBy: Type.Optional(confirmByField),
    opensAt: Type.Optional(timeField),
    closesAt: Type.Optional(timeField),
    closed: Type.Optional(Type.Boolean({ description: 'Closed by hand: no new reservations are taken.' })),
    openedAt: timeField,
    asOf: timeField,
  },
  {
    $id: 'Show',
    examples: [
      {
        id: '01941f29-7000-8003-8123-456789abcdef',
        name: 'Opening night',
        revision: 1,
        pools: [{ id: 'standing', name: 'Standing', capacity: 500, held: 0, confirmed: 3, available: 497 }],
        maxPerRequest: 6,
        openedAt: '2025-01-01T00:00:00.000Z',
        asOf: '2025-01-01T00:00:00.012Z',
      },
    ],
  },
);

export type ShowBody = Type.Static<typeof showSchema>;

export const representShow = (show: ShowLedger): ShowBody => ({
  id: show.showId,
  name: show.name,
  revision: show.revision,
  pools: show.pools.map((pool) => ({ ...pool, available: available(pool) })),
  ...representRules(show.rules),
  openedAt: timeText(show.openedAtMs),
  asOf: timeText(show.asOfMs),
});

/** A rule that is not set is left out. */
export const representRules = ({
  opensAtMs,
  closesAtMs,
  closed,
  ...rules
}: ShowRules): Partial<ShowBody> => ({
  ...rules,
  ...(opensAtMs !== undefined && { opensAt: fourDigits(opensAtMs) }),
  ...(closesAtMs !== undefined && { closesAt: fourDigits(closesAtMs) }),
  ...(closed && { closed }),
});

/**
 * Older versions accepted times of other years, which RFC 3339 cannot express. They are clamped, which has
 * the same effect: never, or always.
 */
const fourDigits = (ms: number): string => timeText(Math.min(Math.max(ms, firstMs), lastMs));

export const showPath = (id: string): string => `/v1/shows/${id}`;

/**
 * The revision alone would not change when places are sold; the time alone would not show the revision that a
 * change is based on.
 */
export const showVersion = ({ revision, asOfMs }: ShowLedger): string => `${revision}.${asOfMs}`;

export const showEtag = (show: ShowLedger): string => `"${showVersion(show)}"`;

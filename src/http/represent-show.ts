import Type from 'typebox';
import { available, type ShowLedger } from '../domain/ledger.ts';
import { limits } from '../domain/limits.ts';
import { nameField, poolIdField, showIdField, timeField } from './fields.ts';
import { timeText } from './represent-reservation.ts';

const count = Type.Integer({ minimum: 0 });

export const maxPerRequestField = Type.Integer({
  minimum: 1,
  maximum: limits.linesPerReservation * limits.quantityPerLine,
  description: 'Places one reservation may ask for, over all its lines.',
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
      }),
    ),
    maxPerRequest: Type.Optional(maxPerRequestField),
    opensAt: Type.Optional(timeField),
    closesAt: Type.Optional(timeField),
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

export const representShow = (show: ShowLedger): Type.Static<typeof showSchema> => {
  const { maxPerRequest, opensAtMs, closesAtMs } = show.rules;
  return {
    id: show.showId,
    name: show.name,
    revision: show.revision,
    pools: show.pools.map((pool) => ({ ...pool, available: available(pool) })),
    ...(maxPerRequest !== undefined && { maxPerRequest }),
    ...(opensAtMs !== undefined && { opensAt: timeText(opensAtMs) }),
    ...(closesAtMs !== undefined && { closesAt: timeText(closesAtMs) }),
    openedAt: timeText(show.openedAtMs),
    asOf: timeText(show.asOfMs),
  };
};

export const showPath = (id: string): string => `/v1/shows/${id}`;

/** The revision alone would hide that places were sold; the time alone, which revision a change is based on. */
export const showEtag = ({ revision, asOfMs }: ShowLedger): string => `"${revision}.${asOfMs}"`;

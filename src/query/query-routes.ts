import type { FastifyPluginAsync } from 'fastify';
import { getHistory } from './get-history.ts';
import { getReservation } from './get-reservation.ts';
import { getShow } from './get-show.ts';
import { listReservations } from './list-reservations.ts';
import { listShows } from './list-shows.ts';
import type { QueryOptions } from './options.ts';

/** HTTP out: every query, one file each. */
export const queryRoutes =
  (options: QueryOptions): FastifyPluginAsync =>
  async (app) => {
    listShows(app, options);
    getShow(app, options);
    listReservations(app, options);
    getReservation(app, options);
    getHistory(app, options);
  };

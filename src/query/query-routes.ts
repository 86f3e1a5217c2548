import type { FastifyPluginAsync } from 'fastify';
import { newEventStreams } from './event-streams.ts';
import { getHistory } from './get-history.ts';
import { getReservation } from './get-reservation.ts';
import { getShow } from './get-show.ts';
import { listDecisions } from './list-decisions.ts';
import { listReservations } from './list-reservations.ts';
import { listShows } from './list-shows.ts';
import type { QueryOptions } from './options.ts';
import { watchReservation } from './watch-reservation.ts';
import { watchShow } from './watch-show.ts';

/** All queries, one file each. */
export const queryRoutes =
  (options: QueryOptions): FastifyPluginAsync =>
  async (app) => {
    const streams = newEventStreams({ ...options, limits: options.streamLimits });
    listShows(app, options);
    getShow(app, options);
    watchShow(app, options, streams);
    listReservations(app, options);
    getReservation(app, options);
    getHistory(app, options);
    watchReservation(app, options, streams);
    listDecisions(app, options, streams);
  };

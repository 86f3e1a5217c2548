import type { FastifyPluginAsync } from 'fastify';
import { changeShow } from './change-show.ts';
import { followUp } from './follow-up.ts';
import { cancel, confirm, extend } from './follow-ups.ts';
import { openShow } from './open-show.ts';
import type { CommandOptions } from './options.ts';
import { requireKey } from './request-key.ts';
import { requestReservation } from './request-reservation.ts';
import { requestReservations } from './request-reservations.ts';

/** All commands. */
export const commandRoutes =
  (options: CommandOptions): FastifyPluginAsync =>
  async (app) => {
    if (options.requireKeys) app.addHook('preHandler', requireKey);
    openShow(app, options);
    changeShow(app, options);
    requestReservation(app, options);
    requestReservations(app, options);
    followUp(app, confirm, options);
    followUp(app, extend, options);
    followUp(app, cancel, options);
  };

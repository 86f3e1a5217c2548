import type { FastifyPluginAsync } from 'fastify';
import { cancelReservation } from './cancel-reservation.ts';
import { changeShow } from './change-show.ts';
import { confirmReservation } from './confirm-reservation.ts';
import { extendHold } from './extend-hold.ts';
import { openShow } from './open-show.ts';
import type { CommandOptions } from './options.ts';
import { requestReservation } from './request-reservation.ts';
import { requireKey } from './require-key.ts';

/** HTTP in: every command, one file each. */
export const commandRoutes =
  (options: CommandOptions): FastifyPluginAsync =>
  async (app) => {
    if (options.requireKeys) app.addHook('preHandler', requireKey);
    openShow(app, options);
    changeShow(app, options);
    requestReservation(app, options);
    confirmReservation(app, options);
    extendHold(app, options);
    cancelReservation(app, options);
  };

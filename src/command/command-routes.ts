import type { FastifyPluginAsync } from 'fastify';
import { openShow } from './open-show.ts';
import type { CommandOptions } from './options.ts';
import { requestReservation } from './request-reservation.ts';

/** HTTP in: every command, one file each. */
export const commandRoutes =
  (options: CommandOptions): FastifyPluginAsync =>
  async (app) => {
    openShow(app, options);
    requestReservation(app, options);
  };

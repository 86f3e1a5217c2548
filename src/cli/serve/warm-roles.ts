import { newReservationIds } from '../../http/identity/reservation-ids.ts';
import { newRegistry } from '../../telemetry/metrics/registry.ts';
import type { ApiRole, Role } from '../roles.ts';
import { realClock as clock, realRandom as random } from '../system.ts';
import { constantApiPorts } from '../warm-up/constant-api-ports.ts';
import { constantLog, constantStore } from '../warm-up/constant-projector-ports.ts';
import { playApi } from '../warm-up/play-api.ts';
import { customerId, silentLogger } from '../warm-up/sample.ts';
import { warmUp } from '../warm-up/warm-up.ts';
import { buildApi } from './build-api.ts';
import { listenOn } from './listen.ts';
import { workerOver } from './open-projector.ts';
import type { PartOptions } from './part.ts';

/** No telemetry: what is not handed in cannot be counted. */
type WarmUpContext = Pick<PartOptions, 'config' | 'logger' | 'processId' | 'stopping'>;

/**
 * Lets V8 compile what a sale runs before the process is ready: its own routes and its own loop, over ports that answer
 * constants and touch no server. Metrics, logs and traces of it are dropped. Never throws, because a process that could not
 * warm up is only slower at first.
 */
export const warmRoles = async (roles: ReadonlySet<Role>, options: WarmUpContext): Promise<void> => {
  const { config, logger, stopping } = options;
  const apiRoles = (['command', 'query'] as const).filter((role) => roles.has(role));
  try {
    const api = apiRoles.length > 0 ? await startApi(apiRoles, options) : undefined;
    const plays = [...(roles.has('projector') ? [projectorPlay(options)] : []), ...(api ? [api.play] : [])];
    logger.debug({}, 'warming up');
    const figures = await warmUp({ plays, limitMs: config.warmUpMs, clock, stopping }).finally(api?.end);
    if (!stopping.aborted) logger.info(figures, 'warmed up');
  } catch (err) {
    logger.warn({ err }, 'could not warm up: the first requests take longer');
  }
};

/** The process's own settings, but for those that ask who somebody is or count what they send. */
const quietOptions = ({ config, processId }: WarmUpContext) => ({
  config: { ...config, auth: 'local', rateLimitCustomer: undefined, rateLimitAddress: undefined } as const,
  processId,
  logger: silentLogger,
  telemetry: { registry: newRegistry() },
  ready: async () => ({ roles: {}, details: {} }),
  stopping: new AbortController().signal,
});

const anyPort = { host: '127.0.0.1', port: 0, hostVariable: 'HOST', portVariable: 'PORT' };

/**
 * Listens on loopback for a moment. Requests without sockets would not do: for compiled code, Node's own requests and answers
 * are other classes than those of `inject`, and the first customer would have it compiled once more.
 */
const startApi = async (roles: readonly ApiRole[], options: WarmUpContext) => {
  const { app, stop } = buildApi({ ...quietOptions(options), roles }, constantApiPorts());
  const port = await listenOn(app, anyPort);
  const ids = newReservationIds({ keys: options.config.idKeys, nowMs: clock.nowMs, random });
  const { play, end } = playApi(port, { roles, id: ids.mint(0, customerId) });
  return {
    play,
    end: async () => {
      end();
      stop();
      await app.close();
    },
  };
};

const batches = 4;

/** Takes a partition over, decides some batches and leaves it. */
const projectorPlay = (options: WarmUpContext): (() => Promise<void>) => {
  let left = 0;
  let leave = (): void => undefined;
  const log = constantLog(clock, () => {
    left -= 1;
    if (left === 0) leave();
  });
  const { worker } = workerOver(quietOptions(options), { log, store: constantStore(clock, random) });
  return async () => {
    left = batches;
    const work = worker({ partition: 0, token: '' }, () => left >= 0);
    leave = work.stop;
    await work.ended;
  };
};

import type { Config } from '../../config.ts';
import type { Logger } from '../../domain/ports.ts';
import type { Identity } from '../../http/identity/identity.ts';
import { newJwtIdentity } from '../../http/identity/jwt-identity.ts';
import { localIdentity } from '../../http/identity/local-identity.ts';
import type { ServerOptions } from '../../http/server.ts';
import { realClock } from '../system.ts';

/** How callers are identified, by the settings. */
export const identityOf = (config: Config, logger: Logger): Identity =>
  config.auth === 'local'
    ? localIdentity
    : newJwtIdentity({
        keys: config.jwtJwksUrl
          ? { type: 'jwks', url: config.jwtJwksUrl }
          : { type: 'secret', secret: config.jwtSecret },
        issuer: config.jwtIssuer,
        audience: config.jwtAudience,
        clockToleranceSeconds: config.jwtClockToleranceSeconds,
        clock: realClock,
        logger,
      });

/** The limits that apply before any call of the API. */
export const edgeOf = (
  config: Config,
): Pick<ServerOptions, 'corsOrigins' | 'rateLimits' | 'trustProxy' | 'limits'> => ({
  limits: { keepAliveMs: config.keepAliveSeconds * 1_000 },
  corsOrigins: config.corsOrigins,
  rateLimits: {
    ...(config.rateLimitCustomer && { customer: config.rateLimitCustomer }),
    ...(config.rateLimitAddress && { address: config.rateLimitAddress }),
  },
  ...(config.trustProxy !== undefined && { trustProxy: config.trustProxy }),
});

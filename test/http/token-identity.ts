import type { Identity } from '../../src/http/identity/identity.ts';
import { type JwtIdentityOptions, newJwtIdentity } from '../../src/http/identity/jwt-identity.ts';
import { audience, issuer, newReadableLog, startMs } from './token-issuer.ts';

export const secret = 'a secret of the tests, long enough';

/** Accepts the tokens of the tests' issuer, by a clock that does not move. */
export const tokenIdentity = (keys: JwtIdentityOptions['keys'] = { type: 'secret', secret }): Identity =>
  newJwtIdentity({
    keys,
    issuer,
    audience,
    clockToleranceSeconds: 30,
    clock: { nowMs: () => startMs, monotonicMs: () => 0 },
    logger: newReadableLog().logger,
  });

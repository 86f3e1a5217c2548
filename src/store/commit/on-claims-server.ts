import { type Claim, ClaimElsewhere } from '../contract.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';

export const isOnClaimsServer = ({ home }: Session, { server }: Claim): boolean => home === server;

/** The same sessions for an owner: a session on another server than its claim's is not lent. Without a claim any session is. */
export const onClaimsServer = (sessions: Sessions, claim: Claim | undefined): Sessions =>
  claim === undefined
    ? sessions
    : {
        borrow: async () => {
          const session = await sessions.borrow();
          if (isOnClaimsServer(session, claim)) return session;
          sessions.release(session);
          throw new ClaimElsewhere(
            `the claim of partition ${claim.partition} was made on ${claim.server}, sessions are on ${session.home}`,
          );
        },
        release: (session) => sessions.release(session),
        destroy: (session) => sessions.destroy(session),
        open: () => sessions.open(),
        close: () => sessions.close(),
      };

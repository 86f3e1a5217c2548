import type { ExpiringText } from './partition-state.ts';
import type { ServerState } from './server-state.ts';

/** The value, unless it has expired by the server's clock. */
export const believed = (server: ServerState, passing: ExpiringText | undefined): string | undefined =>
  passing && server.nowMs() < passing.endsMs ? passing.text : undefined;

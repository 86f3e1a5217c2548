import { partitionOf, type ShowId } from '../../../src/domain/ids.ts';
import type { Clock } from '../../../src/domain/ports.ts';
import type { Boards, ClosingNotices } from '../../../src/log/contract.ts';
import { newBoardViews, type StoredBoard } from '../../../src/log/door/board-views.ts';
import { closingMs } from '../../../src/log/door/boards.ts';
import type { Wire } from '../wire.ts';
import { believed } from './believed.ts';
import type { ServerState } from './server-state.ts';
import { takeMemory } from './take-memory.ts';

export interface MemoryBoardsOptions {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly freshMs?: number;
}

export const newMemoryBoards = ({
  server,
  wire,
  clock,
  ...options
}: MemoryBoardsOptions): Boards & ClosingNotices => ({
  ...newBoardViews({
    ...options,
    monotonicMs: clock.monotonicMs,
    sleep: clock.sleep,
    stored: (showId) => wire.ask(`see the board of ${showId}`, () => storedBoard(server, showId)),
  }),
  announceClosing: ({ showId, revision }) =>
    wire.ask(`shut ${showId}`, () => {
      takeMemory(server);
      const closing = { text: String(revision), endsMs: server.nowMs() + closingMs };
      server.stream(partitionOf(showId)).closings.set(showId, closing);
    }),
  withdrawClosing: ({ showId }) =>
    wire.ask(`reopen ${showId}`, () => {
      server.stream(partitionOf(showId)).closings.delete(showId);
    }),
});

const storedBoard = (server: ServerState, showId: ShowId): StoredBoard => {
  const { boards, full, seal, closings } = server.stream(partitionOf(showId));
  return {
    board: boards.get(showId),
    full: believed(server, full.get(showId)),
    areBoardsComplete: believed(server, seal) === server.runId,
    closing: believed(server, closings.get(showId)),
    timeMs: server.nowMs(),
  };
};

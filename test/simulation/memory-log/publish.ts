import type { PartitionLog, PublishRequest } from '../../../src/log/contract.ts';
import { fullMs } from '../../../src/log/partition/publish.ts';
import { encodeBoard, encodeFull } from '../../../src/log/wire/board-codec.ts';
import { encodeOutcomes } from '../../../src/log/wire/outcome-codec.ts';
import type { Wire } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import type { Channel, ServerState } from './server-state.ts';

/**
 * Each message and the boards are sent separately, as in src/log/partition/publish.ts: any of them may be
 * lost.
 */
export const newMemoryPublish =
  (server: ServerState, wire: Wire): PartitionLog['publish'] =>
  async (request) => {
    const { partition, outcomes, boards, position } = request;
    const told = encodeOutcomes(outcomes).map((message) =>
      wire.ask(`publish outcomes of ${partition}`, () => tell(server.channels.get(partition), message)),
    );
    if (position !== undefined && isHeard(server, partition))
      wire.tell(`wake followers of ${partition}`, () =>
        tell(server.decided.get(partition), String(position)),
      );
    const written =
      boards.length > 0 ? [wire.ask(`write boards of ${partition}`, () => writeBoards(server, request))] : [];
    await Promise.all([...told, ...written]);
  };

const isHeard = ({ decided }: ServerState, partition: number): boolean =>
  (decided.get(partition)?.size ?? 0) > 0;

const tell = (listening: Set<Channel> | undefined, message: string): void => {
  for (const channel of [...(listening ?? [])]) if (!channel(message)) listening?.delete(channel);
};

/** Same effect as publish-boards.lua. */
const writeBoards = (server: ServerState, request: PublishRequest): void =>
  asOwner(server, request, undefined, (stream) => {
    const endsMs = server.nowMs() + fullMs;
    for (const { board, full } of request.boards) {
      const text = encodeFull(full);
      stream.boards.set(board.showId, encodeBoard(board));
      if (text === '') stream.full.delete(board.showId);
      else stream.full.set(board.showId, { text, endsMs });
    }
  });

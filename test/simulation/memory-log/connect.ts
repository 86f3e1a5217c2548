import type { Clock, Logger } from '../../../src/domain/ports.ts';
import type { Durability } from '../../../src/log/append/append.ts';
import type {
  Backlogs,
  Boards,
  ClosingNotices,
  LiveClaims,
  LogTail,
  Outcomes,
  OutcomeWatch,
  PartitionLog,
  RequestAppender,
  RequestKeys,
} from '../../../src/log/contract.ts';
import { newDecisionSignals } from '../../../src/log/outcomes/decision-signals.ts';
import type { OutcomeLookup } from '../../../src/log/outcomes/lookups.ts';
import type { DecisionSignals } from '../../../src/log/signals-contract.ts';
import type { Wire } from '../wire.ts';
import { newMemoryAppender } from './appender.ts';
import { newMemoryBacklogs } from './backlogs.ts';
import { newMemoryBoards } from './boards.ts';
import { newMemoryLiveClaims } from './claim-notes.ts';
import { mayHoldLate } from './may-hold-late.ts';
import { newMemoryOutcomes } from './outcomes.ts';
import { newMemoryPartitionLog } from './partition-log.ts';
import { newMemoryRequestKeys } from './request-keys.ts';
import type { ServerState } from './server-state.ts';
import { newMemorySubscriptions } from './subscriptions.ts';

export interface MemoryLogOptions {
  readonly wire: Wire;
  /** The process's own clock. */
  readonly clock: Clock;
  /** Reads an outcome from the tables. */
  readonly lookUp?: OutcomeLookup;
  readonly logger?: Logger;
  readonly retentionMs?: number;
  readonly maxEntries?: number;
  readonly maxWaiters?: number;
  readonly maxWatchers?: number;
  /** Default: `disk`. */
  readonly durability?: Durability;
  /** How long a board that was read may be used again, ms. */
  readonly freshMs?: number;
}

/** A process's access to the log. */
export interface MemoryLog extends LiveClaims {
  readonly appender: RequestAppender;
  readonly partitionLog: PartitionLog;
  readonly boards: Boards & ClosingNotices;
  readonly backlogs: Backlogs;
  readonly tail: LogTail;
  readonly outcomes: Outcomes & OutcomeWatch;
  readonly signals: DecisionSignals;
  readonly requestKeys: RequestKeys;
  /** Ends waits without an outcome, and ends watches. */
  close(): void;
}

const ignore = (): void => undefined;
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const defaults = {
  lookUp: async () => new Map(),
  logger: silent,
  retentionMs: 900_000,
  maxEntries: 2_000_000,
  durability: 'disk',
} satisfies Partial<MemoryLogOptions>;

export const connectInMemory = (server: ServerState, given: MemoryLogOptions): MemoryLog => {
  const options = { ...defaults, ...given, server };
  const { wire } = options;
  const { outcomes, stop } = newMemoryOutcomes(options);
  const deciding = newDecisionSignals((each) =>
    newMemorySubscriptions({ ...each, ...options, channels: server.decided }),
  );
  return {
    appender: newMemoryAppender(server, wire, options.durability),
    partitionLog: newMemoryPartitionLog(options),
    liveClaims: newMemoryLiveClaims(server, wire),
    boards: newMemoryBoards(options),
    backlogs: newMemoryBacklogs(options),
    tail: {
      lastId: (partition) => wire.ask(`tail of ${partition}`, () => server.stream(partition).lastId),
      mayHoldLate: (partition) =>
        wire.ask(`late of ${partition}`, () => mayHoldLate(server.stream(partition))),
    },
    outcomes,
    signals: deciding.signals,
    requestKeys: newMemoryRequestKeys(server, wire),
    close: () => {
      stop();
      deciding.stop();
    },
  };
};

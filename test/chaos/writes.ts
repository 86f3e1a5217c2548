/** The writes to an append-only file that were not fsynced, according to strace. */
export interface Writes {
  /** Takes one line of `strace -f -y -e trace=write,writev,fdatasync,fsync`, and when it was seen. */
  readonly take: (line: string, atMs: number) => void;
  /** Bytes written to the file that no finished fsync covers. */
  readonly unsyncedBytes: () => number;
  readonly syncs: () => number;
  /** When the last finished fsync was seen; it certainly does not cover later writes. */
  readonly lastSyncMs: () => number;
  /**
   * Number of replies written to clients, and how many of them while something in the file was not fsynced.
   */
  readonly replies: () => number;
  readonly repliesBeforeSync: () => number;
}

type CallName = 'write' | 'writev' | 'fdatasync' | 'fsync';

interface Call {
  readonly name: CallName;
  readonly path: string;
  /** Bytes that were not fsynced when it began. */
  readonly coveredBytes: number;
}

const began = /^(?:\[pid +(\d+)\] )?(write|writev|fdatasync|fsync)\(\d+<([^>]*)>/;
const resumed = /^(?:\[pid +(\d+)\] )?<\.\.\. (?:write|writev|fdatasync|fsync) resumed>/;
const result = /= (-?\d+)[^=]*$/;

const isLog = (path: string): boolean => path.includes('.aof');
const isClient = (path: string): boolean => /^(socket|TCP|UNIX)/.test(path);

export const newWrites = (): Writes => {
  const underWay = new Map<string, Call>();
  let unsyncedBytes = 0;
  let syncs = 0;
  let lastSyncMs = Number.NEGATIVE_INFINITY;
  let replies = 0;
  let repliesBeforeSync = 0;

  const begin = (call: Call): void => {
    if (!isClient(call.path)) return;
    replies += 1;
    if (unsyncedBytes > 0) repliesBeforeSync += 1;
  };
  const end = (call: Call, line: string, atMs: number): void => {
    const returned = Number(result.exec(line)?.[1] ?? -1);
    if (returned < 0 || !isLog(call.path)) return;
    if (call.name === 'write' || call.name === 'writev') {
      unsyncedBytes += returned;
      return;
    }
    unsyncedBytes -= call.coveredBytes;
    syncs += 1;
    lastSyncMs = atMs;
  };
  return {
    take: (line, atMs) => {
      const start = began.exec(line);
      const thread = (start ?? resumed.exec(line))?.[1] ?? '';
      const call = start ? callOf(start, unsyncedBytes) : underWay.get(thread);
      if (call === undefined) return;
      if (start) begin(call);
      if (line.includes('<unfinished')) underWay.set(thread, call);
      else {
        underWay.delete(thread);
        end(call, line, atMs);
      }
    },
    unsyncedBytes: () => unsyncedBytes,
    syncs: () => syncs,
    lastSyncMs: () => lastSyncMs,
    replies: () => replies,
    repliesBeforeSync: () => repliesBeforeSync,
  };
};

const callOf = ([, , name, path = '']: RegExpExecArray, coveredBytes: number): Call => ({
  name: parseName(name),
  path,
  coveredBytes,
});

const parseName = (text: string | undefined): CallName => text as CallName;

import type { Logger } from '../../domain/ports.ts';
import { asError } from '../database/database-error.ts';
import type { Standings } from '../pair/standings.ts';
import { newReplicaProof, type ReplicaFinding, strangerText } from './proof.ts';

/** Whether reads are answered by the replica, and if not, why. */
export interface ReplicaStanding {
  /** The server's name for people; absent while it is unknown. */
  readonly server?: string;
  readonly isUsed: boolean;
  /** Why the replica is not used, in one line; absent while it is used. */
  readonly why?: string;
  /** The maximum age (ms) of the replica's data; absent until it was known once. */
  readonly ageMs?: number;
}

export interface ReplicaWatchOptions {
  /** A replica whose data is older is not read. */
  readonly lagMsMax: number;
  readonly logger: Logger;
  /** Both throw when their server cannot be asked. */
  readonly askPrimary: () => Promise<Standings>;
  readonly askReplica: () => Promise<Standings>;
  /**
   * Called when the replica has been of no use for a while: opens the sessions anew, at the server that the
   * name leads to by now.
   */
  readonly onUseless: (why: string) => void;
  readonly serverName: () => string | undefined;
}

export interface ReplicaWatch {
  /** Whether the data that a session on this server reads is new enough. */
  readonly isGood: (home: string) => boolean;
  readonly isUsed: () => boolean;
  readonly standing: () => ReplicaStanding;
  readonly close: () => void;
}

/** Samples within the allowed age: a result is one sample old by the time it is used. */
const samplesInLag = 4;
const pauseMsMin = 50;
const pauseMsMax = 1_000;
/** After this time without use, the server is given up, in case the name leads to another one by now. */
const uselessMsMax = 5_000;

/** Samples both servers regularly and knows how long the replica may be read. */
export const watchReplica = (options: ReplicaWatchOptions): ReplicaWatch => {
  const { lagMsMax, logger, onUseless, serverName } = options;
  const proof = newReplicaProof(lagMsMax);
  let proven: { readonly home: string; readonly asOfMs: number } | undefined;
  let isKnown = false;
  let why = 'it has not been looked at yet';
  let wasUsed: boolean | undefined;
  let usefulAtMs = performance.now();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const isUsed = (): boolean =>
    isKnown && proven !== undefined && performance.now() - proven.asOfMs <= lagMsMax;

  const look = async (): Promise<void> => {
    const found = await sampleBoth(options, proof);
    if ('home' in found) {
      proven = found;
      isKnown = true;
      return;
    }
    why = found.why;
    // A lagging replica, or one without proof, may be read until the last proof is too old; a stranger may not.
    if (found.isStranger) isKnown = false;
  };

  const say = (): void => {
    const nowMs = performance.now();
    const used = isUsed();
    if (used) usefulAtMs = nowMs;
    if (used !== wasUsed) {
      wasUsed = used;
      const server = serverName() ?? 'the replica';
      if (used) logger.info({}, `MySQL: reads are answered by ${server}, a replica`);
      else logger.warn({}, `MySQL: the primary answers what a replica could: ${why}`);
    }
    if (nowMs - usefulAtMs < uselessMsMax) return;
    usefulAtMs = nowMs;
    onUseless(why);
  };

  const pauseMs = Math.min(pauseMsMax, Math.max(pauseMsMin, lagMsMax / samplesInLag));
  const goRound = async (): Promise<void> => {
    await look();
    if (isClosed) return;
    say();
    timer = setTimeout(() => void goRound(), pauseMs).unref();
  };
  void goRound();

  return {
    isGood: (home) => isUsed() && proven?.home === home,
    isUsed,
    standing: () => {
      const server = serverName();
      const used = isUsed();
      return {
        ...(server !== undefined && { server }),
        isUsed: used,
        ...(!used && { why }),
        ...(proven && { ageMs: performance.now() - proven.asOfMs }),
      };
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
};

type SampleResult =
  | { readonly home: string; readonly asOfMs: number }
  | { readonly why: string; readonly isStranger: boolean };

const sampleBoth = async (
  { askPrimary, askReplica, lagMsMax }: ReplicaWatchOptions,
  proof: ReturnType<typeof newReplicaProof>,
): Promise<SampleResult> => {
  const askedAtMs = performance.now();
  try {
    proof.addPrimary({ ...(await askPrimary()), askedAtMs });
  } catch (error) {
    const why = `the primary cannot be asked how far it is: ${asError(error).message}`;
    return { why, isStranger: false };
  }
  try {
    const standings = await askReplica();
    const finding = proof.judgeReplica(standings);
    return finding.type === 'proven'
      ? { home: standings.home, asOfMs: finding.asOfMs }
      : { why: whyNot(finding, lagMsMax), isStranger: finding.type === 'stranger' };
  } catch (error) {
    return { why: asError(error).message, isStranger: true };
  }
};

const whyNot = (finding: Exclude<ReplicaFinding, { type: 'proven' }>, lagMsMax: number): string =>
  finding.type === 'lagging'
    ? `the replica is more than ${lagMsMax} ms behind (ONSALE_READ_LAG_MS_MAX)`
    : strangerText(finding.why);

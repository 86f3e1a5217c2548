import type { Clock } from '../../domain/ports.ts';

/** A time in which the service answered nothing although somebody was owed an answer; ms since the epoch. */
export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
  /** It had not answered again when the rehearsal ended. */
  readonly isOpen?: true;
  /** What the last request in it came to. */
  readonly why: string;
}

export interface RequestEnd {
  readonly sentMs: number;
  /** How long the request itself asked to be kept waiting. */
  readonly waitMs: number;
  /** Why nothing of the service came back; undefined for an answer, whatever it says. */
  readonly failure?: string;
}

export type Silences = ReturnType<typeof newSilences>;

/** Shorter ones are what a restart behind a balancer looks like, or one slow answer. */
const silenceMsMin = 1_000;
/** So long after the first answer those come that were owed meanwhile as well, in any order. */
const burstMs = 1_000;
/** A beat that comes this late means that this process itself did not run. */
const ownStallMsMin = 500;
export const beatEveryMs = 100;

/**
 * Finds the times in which the service was silent, apart from those in which this process was not running and could have
 * heard nothing. `beat` has to be called every `beatEveryMs`.
 */
export const newSilences = (clock: Pick<Clock, 'monotonicMs' | 'nowMs'>) => {
  const epochMs = clock.nowMs() - clock.monotonicMs();
  const found: Silence[] = [];
  /** The last answer, or since when this process has been running without a pause. */
  let heardMs = clock.monotonicMs();
  let beatMs = heardMs;
  let open: { readonly sinceMs: number; why: string } | undefined;
  /** The last time without an answer, and since when somebody was owed one in it, as far as is known yet. */
  let gap = { fromMs: heardMs, toMs: heardMs, owedMs: heardMs };
  const note = (sinceMs: number, untilMs: number, why: string, isOpen?: true): void => {
    if (untilMs - sinceMs < silenceMsMin) return;
    found.push({ fromMs: sinceMs + epochMs, toMs: untilMs + epochMs, why, ...(isOpen && { isOpen }) });
  };
  const noteGap = (): void => {
    note(gap.owedMs, gap.toMs, 'answers came late');
    gap = { ...gap, owedMs: gap.toMs };
  };
  return {
    beat: (): void => {
      const nowMs = clock.monotonicMs();
      if (nowMs - beatMs > ownStallMsMin) {
        if (open) note(open.sinceMs, beatMs, open.why);
        open = undefined;
        heardMs = nowMs;
      }
      beatMs = nowMs;
    },
    /** To be called for each request when it ends, whichever way. */
    ended: ({ sentMs, waitMs, failure }: RequestEnd): void => {
      const nowMs = clock.monotonicMs();
      const owedMs = Math.min(sentMs + waitMs, nowMs);
      if (failure !== undefined) {
        open ??= { sinceMs: Math.max(heardMs, owedMs), why: failure };
        open.why = failure;
        return;
      }
      if (open) {
        note(open.sinceMs, nowMs, open.why);
      } else {
        if (nowMs - gap.toMs > burstMs) {
          noteGap();
          gap = { fromMs: heardMs, toMs: nowMs, owedMs: nowMs };
        }
        gap.owedMs = Math.min(gap.owedMs, Math.max(gap.fromMs, owedMs));
      }
      open = undefined;
      heardMs = nowMs;
    },
    /** All of them up to now. */
    list: (): readonly Silence[] => {
      noteGap();
      if (open) note(open.sinceMs, clock.monotonicMs(), open.why, true);
      open = undefined;
      return found.toSorted((one, other) => one.fromMs - other.fromMs);
    },
  };
};

/** Of one silence or several, with the times to look for in the logs of the service. */
export const silenceText = (silences: readonly Silence[]): string => {
  const texts = silences.map(
    ({ fromMs, toMs, isOpen }) =>
      `from ${timeText(fromMs)} to ${timeText(toMs)}${isOpen ? ' and later' : ''}`,
  );
  const more = texts.length - shownMax;
  const shown = texts.slice(0, shownMax).join(', ');
  return more > 0 ? `${shown}, and ${more} times more` : shown;
};

const shownMax = 3;

const timeText = (ms: number): string => new Date(ms).toISOString();

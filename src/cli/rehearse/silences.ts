import type { Clock } from '../../domain/ports.ts';

/** A time in which the service answered nothing although an answer was due; ms since the epoch. */
export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
  /** The service had not answered again when the rehearsal ended. */
  readonly isOpen?: true;
  /** The result of the last request in it. */
  readonly why: string;
}

export interface RequestEnd {
  readonly sentMs: number;
  /** The wait that the request itself asked for. */
  readonly waitMs: number;
  /** Why no answer of the service came; undefined when any answer came. */
  readonly failure?: string;
}

export type Silences = ReturnType<typeof newSilences>;

/** Shorter ones may be a restart behind a balancer, or one slow answer. */
const silenceMsMin = 1_000;
/** After a silence the overdue answers arrive within this time, in any order. */
const burstMs = 1_000;
/** When a beat is this late, this process itself was not running. */
const ownStallMsMin = 500;
export const beatEveryMs = 100;

/**
 * Finds the times in which the service was silent, without those in which this process was not running and could not receive
 * anything. `beat` has to be called every `beatEveryMs`.
 */
export const newSilences = (clock: Pick<Clock, 'monotonicMs' | 'nowMs'>) => {
  const epochMs = clock.nowMs() - clock.monotonicMs();
  const found: Silence[] = [];
  /** The time of the last answer, or since when this process has been running without a pause. */
  let heardMs = clock.monotonicMs();
  let beatMs = heardMs;
  let open: { readonly sinceMs: number; why: string } | undefined;
  /** The current or last time without an answer, and since when an answer was due in it, as far as is known. */
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
    /** To be called for each request when it ends, with or without an answer. */
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
    /** All silences up to now. */
    list: (): readonly Silence[] => {
      noteGap();
      if (open) note(open.sinceMs, clock.monotonicMs(), open.why, true);
      open = undefined;
      return found.toSorted((one, other) => one.fromMs - other.fromMs);
    },
  };
};

/** Describes one silence or several, with the times to search for in the logs of the service. */
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

/**
 * The position of a request in a distributed trace. It travels with the request, and no decision depends on it. Only
 * requests whose trace is sampled have one.
 */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span that caused what comes next. */
  readonly spanId: string;
  /** Data of other vendors, passed on unchanged (W3C tracestate). */
  readonly state?: string;
}

/** As read from a header; `sampled` is the sender's flag. */
export interface ParsedTrace extends TraceContext {
  readonly sampled: boolean;
}

/** The W3C limit is 512, and a longer one may be left out. */
const stateLengthMax = 512;
/** Version 00; a later version may have more fields after these four. */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const zeros = /^0+$/;

/** Undefined when it is no traceparent of W3C Trace Context; that is never a reason to refuse a request. */
export const parseTrace = (traceparent: unknown, tracestate: unknown): ParsedTrace | undefined => {
  if (typeof traceparent !== 'string' || traceparent.length > stateLengthMax) return undefined;
  const [, version, traceId, spanId, flags, more] = form.exec(traceparent) ?? [];
  if (!traceId || !spanId || zeros.test(traceId) || zeros.test(spanId)) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  const state = parseState(tracestate);
  return {
    traceId,
    spanId,
    ...(state !== undefined && { state }),
    sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1,
  };
};

const parseState = (tracestate: unknown): string | undefined =>
  typeof tracestate === 'string' &&
  tracestate.length > 0 &&
  tracestate.length <= stateLengthMax &&
  /^[ -~]+$/.test(tracestate)
    ? tracestate
    : undefined;

/** Only sampled traces travel with requests, so the flag is always set. */
export const traceparentOf = ({ traceId, spanId }: TraceContext): string => `00-${traceId}-${spanId}-01`;

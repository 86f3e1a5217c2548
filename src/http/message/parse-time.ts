/** A moment, or the reason why the text is not one. */
export type ParsedTime =
  | { readonly type: 'time'; readonly ms: number }
  | { readonly type: 'mistake'; readonly detail: string };

const shape = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)(\[.*)?$/;
// A time zone, and then key=value tags (RFC 9557 §4.1).
const suffixShape =
  /^(?:\[!?(?:[A-Za-z._][A-Za-z0-9._+/-]*|[+-]\d\d:\d\d)\])?(?:\[!?[a-z_][a-z0-9_-]*=[A-Za-z0-9-]+\])*$/;

/**
 * The moment in ms; finer fractions are cut off. Only a suffix that is marked critical counts: a critical
 * zone must have the given offset at that moment, and any other critical tag is refused as unknown. `Z` says
 * that the local offset is unknown, and fits every zone (RFC 9557 §3.4). Leap seconds are refused, because no
 * clock here has them.
 */
export const parseTime = (text: string): ParsedTime => {
  const [, date, time, fraction = '', offset, suffix = ''] = shape.exec(text) ?? [];
  if (date === undefined || time === undefined || offset === undefined || !suffixShape.test(suffix))
    return mistake(notLikeTime);
  const local = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  const ms = local - offsetMs(offset);
  if (!exists(local, `${date}T${time}`) || Number.isNaN(ms)) return mistake('must be a time that exists');
  if (ms < firstMs || ms > lastMs) return mistake('must be in the years 0001 to 9999, in UTC');
  const [critical] = /\[![^\]]*\]/.exec(suffix) ?? [];
  if (critical === undefined) return { type: 'time', ms };
  return criticalMistake(critical, offset, ms) ?? { type: 'time', ms };
};

const notLikeTime = 'must be a time like 2026-01-31T20:00:00.000Z (RFC 3339)';

const mistake = (detail: string): ParsedTime => ({ type: 'mistake', detail });

/** The years that four digits can express. */
export const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
export const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** Date reads 30 February as a day in March, and 24:00 as the next day. */
const exists = (ms: number, said: string): boolean =>
  !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(said);

const minuteMs = 60_000;

/** NaN for an offset that does not exist. */
const offsetMs = (offset: string): number => {
  if (offset.length === 1) return 0;
  const [hours, minutes] = [offset.slice(1, 3), offset.slice(4)].map(Number);
  if (hours === undefined || minutes === undefined || hours > 23 || minutes > 59) return Number.NaN;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * minuteMs;
};

const criticalMistake = (critical: string, offset: string, ms: number): ParsedTime | undefined => {
  const said = critical.slice(2, -1);
  if (said.includes('='))
    return mistake(`must not have ${critical}: it is marked critical and not known here`);
  const ofZone = /^[+-]/.test(said) ? said : offsetOfZone(said, ms);
  if (ofZone === undefined) return mistake(`must not have ${critical}: that zone is not known here`);
  const isUnknown = offset.length === 1 || offset === '-00:00';
  if (isUnknown || ofZone === offset) return undefined;
  return mistake(`must have the offset of ${critical}, which is ${ofZone} then`);
};

/** The offset according to Intl; undefined for an unknown zone. */
const offsetOfZone = (timeZone: string, ms: number): string | undefined => {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
    return name?.replace('GMT', '') || '+00:00';
  } catch {
    return undefined;
  }
};

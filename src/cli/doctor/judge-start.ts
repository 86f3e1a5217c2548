import type { Risk } from '../../config/risks.ts';
import type { Line } from './line.ts';

/** Whether a process may start on these servers. */
export type StartVerdict =
  /** `accepted`: the operator accepts this risk by name. */
  | { readonly type: 'may-start'; readonly accepted: readonly Line[] }
  | { readonly type: 'refused'; readonly text: string };

export const isAccepted = ({ name, verdict }: Line, risks: readonly Risk[]): boolean =>
  verdict !== 'ok' && risks.some((risk) => risk === name);

export const judgeStart = (lines: readonly Line[], risks: readonly Risk[]): StartVerdict => {
  const missed = lines.filter(({ verdict }) => verdict !== 'ok');
  const refused = missed.filter((line) => !isAccepted(line, risks));
  if (refused.length > 0) return { type: 'refused', text: refusalOf(missed, refused) };
  return { type: 'may-start', accepted: missed };
};

const refusalOf = (missed: readonly Line[], refused: readonly Line[]): string =>
  [
    'the servers are not what onsale promises by, so it does not start:',
    ...refused.map(
      ({ name, found, wanted, why, cure }) => `  ${name} is ${found}, wanted ${wanted}: ${why}; ${cure}`,
    ),
    'Change that, or start all the same and say so:',
    `  ONSALE_ACCEPT_RISK=${missed.map(({ name }) => name).join(',')}`,
  ].join('\n');

/** For /readyz: all accepted risks, in one line. */
export const acceptedText = (accepted: readonly Line[]): string =>
  accepted.map(({ name, found, wanted }) => `${name} is ${found}, wanted ${wanted}`).join('; ');

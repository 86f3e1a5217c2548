import type { SendPlan } from './plan.ts';

const mark = '{n}';
const digits = 8;

export interface RequestTexts {
  /** The replacement of `{n}` in the nth request. */
  readonly markOf: (n: number) => string;
  readonly textOf: (n: number) => string;
}

/**
 * The whole text of each request. Everything but the marks is prepared once, so that sending costs almost
 * nothing.
 */
export const requestTexts = (plan: SendPlan): RequestTexts => {
  const { texts, from = 0 } = plan;
  const markOf = (n: number): string =>
    texts ? (texts[n % texts.length] ?? '') : String(from + n).padStart(digits, '0');
  const [first = '', ...further] = wholeText(plan, markOf(0).length).split(mark);
  return {
    markOf,
    textOf: (n) => {
      const own = markOf(n);
      return further.reduce((text, piece) => text + own + piece, first);
    },
  };
};

const wholeText = ({ origin, method, path, headers, body }: SendPlan, markLength: number): string => {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${lengthOf(body, markLength)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
};

const lengthOf = (body: string, markLength: number): number =>
  Buffer.byteLength(body.replaceAll(mark, 'x'.repeat(markLength)), 'latin1');

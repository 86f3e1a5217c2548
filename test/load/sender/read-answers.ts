export interface AnswerReading {
  readonly onAnswer: (status: number) => void;
  /** The data are not an answer with a Content-Length, the only kind that is understood here. */
  readonly onNonsense: () => void;
}

const nothing = Buffer.alloc(0);
const endOfHead = '\r\n\r\n';

/** Takes a socket's data in pieces of any size, and reports the status of each answer once it is complete. */
export const readAnswers = ({ onAnswer, onNonsense }: AnswerReading): ((chunk: Buffer) => void) => {
  let rest: Buffer = nothing;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf(endOfHead);
      if (end < 0) return;
      const head = rest.toString('latin1', 0, end);
      const status = Number(head.slice(9, 12));
      const length = lengthIn(head, status);
      if (length === undefined) return onNonsense();
      const whole = end + endOfHead.length + length;
      if (rest.length < whole) return;
      rest = rest.subarray(whole);
      onAnswer(status);
    }
  };
};

const lengthIn = (head: string, status: number): number | undefined => {
  if (!head.startsWith('HTTP/1.1 ') || !Number.isInteger(status)) return undefined;
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (found) return Number(found[1]);
  return status === 204 || status === 304 ? 0 : undefined;
};

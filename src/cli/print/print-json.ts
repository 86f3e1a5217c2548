/** For scripts: one document, ending in a newline. Bytes become base64. */
export const jsonOf = (value: unknown): string => `${JSON.stringify(value, newPlain, 2)}\n`;

/** The same on one line, for programs that read line by line. */
export const jsonLineOf = (value: unknown): string => `${JSON.stringify(value, newPlain)}\n`;

/** A Buffer turns itself into an object before a replacer sees it. */
const newPlain = (_key: string, value: unknown): unknown => {
  const buffer = value as { readonly type?: unknown; readonly data?: unknown } | null;
  return typeof value === 'object' && buffer?.type === 'Buffer' && Array.isArray(buffer.data)
    ? Buffer.from(buffer.data).toString('base64')
    : value;
};

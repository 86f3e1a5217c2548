const parts = [
  ...[' ', '\t', ',', ';', '=', '"', '\\', '-', '.', '/', ':', 'a', '0', '%', '*', '(', '['],
  ...[
    'a,',
    ', ',
    '; ',
    'a=',
    ';a=',
    '"a"',
    '\\"',
    ';a="',
    ' ;',
    '""',
    '", "',
    'a b ',
    '0-',
    '1.',
    '::',
    '%20',
    'W/"a",',
  ],
  ...['10.0.0.1,', '[::1]:1,', "UTF-8''", '/updates', 'a/b;', '1,000'],
];

/**
 * Texts that a client may send to block the process: long runs of characters that patterns may match in two
 * ways. They come alone, after other text, and before text that does not match. They are four times as long
 * as headers may be: code that reads each character once is still fast, but quadratic code takes seconds on
 * any machine.
 */
export const worstTexts = (length = 60_000): readonly string[] =>
  parts.flatMap((part) => {
    const run = part.repeat(Math.floor(length / part.length));
    return [
      run,
      `x=${run}"x`,
      `x;${run}"x`,
      `${run}\u007f`,
      `${run}"x`,
      `"${run}`,
      `"${run}"x`,
      `x${run}x`,
      `x=${run}!`,
    ];
  });

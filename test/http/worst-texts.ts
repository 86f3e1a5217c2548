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
 * Texts that a client may send to see the process stand still: long runs of what patterns like to read in two ways, alone,
 * behind something else, and before something that does not fit. Four times as long as headers may be: what looks at
 * each character once does not notice, and what grows with the square takes seconds on any machine.
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

/** The page with the text between two marks replaced; the text around them stays. */
export const withBetween = (
  page: string,
  [begin, end]: readonly [begin: string, end: string],
  text: string,
): string => {
  const [before, ...middle] = page.split(begin);
  const [, after, ...more] = middle.join('').split(end);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the page must hold ${begin.trim()} and ${end.trim()} once each`);
  return `${before}${begin}${text}${end}${after}`;
};

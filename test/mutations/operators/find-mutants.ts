import ts from 'typescript';
import type { Mutant, Operator } from './mutant.ts';

interface Change {
  readonly operator: Operator;
  readonly node: ts.Node;
  readonly text: string;
}

/** Every mutant of a source file, in the order of the text. */
export const findMutants = (file: string, source: string): readonly Mutant[] => {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    changes.push(...changesOf(node, parsed));
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return changes
    .map(({ operator, node, text }) => mutantOf({ file, source, parsed }, { operator, node, text }))
    .toSorted((a, b) => a.start - b.start || b.end - a.end);
};

interface Parsed {
  readonly file: string;
  readonly source: string;
  readonly parsed: ts.SourceFile;
}

const mutantOf = ({ file, source, parsed }: Parsed, { operator, node, text }: Change): Mutant => {
  const [start, end] = [node.getStart(parsed), node.getEnd()];
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const newline = source.indexOf('\n', end);
  const to = newline < 0 ? source.length : newline;
  const line = parsed.getLineAndCharacterOfPosition(start).line + 1;
  const before = flat(source.slice(from, to));
  const after = flat(source.slice(from, start) + text + source.slice(end, to));
  return { file, operator, line, start, end, text, before, after };
};

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const changesOf = (node: ts.Node, file: ts.SourceFile): readonly Change[] => {
  if (ts.isIfStatement(node)) return changesOfIf(node, file);
  if (ts.isConditionalExpression(node)) return [negated(node.condition, file)];
  if (ts.isAwaitExpression(node))
    return isResult(node) ? [] : [{ operator: 'drop an await', node, text: node.expression.getText(file) }];
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node))
    return isLogLine(node, file) ? [] : [{ operator: 'drop a statement', node, text: ';' }];
  if (ts.isPropertyAccessExpression(node)) return changesOfExtreme(node, file);
  return ts.isBinaryExpression(node) ? changesOfBinary(node, file) : [];
};

/** Whoever called waits for the promise all the same, unless a `try` around it ends too early. */
const isResult = ({ parent }: ts.Node): boolean => {
  if (ts.isArrowFunction(parent)) return true;
  return ts.isReturnStatement(parent) && !isInTry(parent);
};

const isInTry = ({ parent }: ts.Node): boolean =>
  !ts.isFunctionLike(parent) && !ts.isSourceFile(parent) && (ts.isTryStatement(parent) || isInTry(parent));

/** What a log line says is no promise, and no test reads it. */
const isLogLine = (node: ts.Node, file: ts.SourceFile): boolean =>
  /\blogger\b|^log[A-Z]/.test(node.getText(file));

const negated = (node: ts.Expression, file: ts.SourceFile): Change => ({
  operator: 'negate a condition',
  node,
  text: `!(${node.getText(file)})`,
});

const changesOfIf = (
  { expression, thenStatement, elseStatement }: ts.IfStatement,
  file: ts.SourceFile,
): readonly Change[] =>
  elseStatement || !isExit(thenStatement)
    ? [negated(expression, file)]
    : [negated(expression, file), { operator: 'never exit early', node: expression, text: 'false' }];

const isExit = (node: ts.Statement): boolean => {
  if (ts.isBlock(node)) return node.statements.some(isExit);
  return (
    ts.isReturnStatement(node) ||
    ts.isContinueStatement(node) ||
    ts.isBreakStatement(node) ||
    ts.isThrowStatement(node)
  );
};

const changesOfExtreme = (node: ts.PropertyAccessExpression, file: ts.SourceFile): readonly Change[] => {
  const other = { 'Math.min': 'Math.max', 'Math.max': 'Math.min' }[node.getText(file)];
  return other === undefined ? [] : [{ operator: 'swap min and max', node, text: other }];
};

const comparisons: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
};
const junctions: Readonly<Record<string, string>> = { '&&': '||', '||': '&&' };
const terms = new Set(['+', '-', '*', '/', '%']);

const changesOfBinary = (node: ts.BinaryExpression, file: ts.SourceFile): readonly Change[] => {
  const sign = node.operatorToken.getText(file);
  const [left, right] = [node.left.getText(file), node.right.getText(file)];
  const comparison = comparisons[sign];
  // A condition that is nothing but an equality is negated already.
  if (comparison !== undefined && !(isCondition(node) && sign.includes('==')))
    return [{ operator: 'swap a comparison', node, text: `${left} ${comparison} ${right}` }];
  const junction = junctions[sign];
  if (junction !== undefined)
    return [{ operator: 'swap && and ||', node, text: `(${left}) ${junction} (${right})` }];
  return terms.has(sign) ? [{ operator: 'drop a term', node, text: left }] : [];
};

const isCondition = (node: ts.Expression): boolean =>
  (ts.isIfStatement(node.parent) && node.parent.expression === node) ||
  (ts.isConditionalExpression(node.parent) && node.parent.condition === node);

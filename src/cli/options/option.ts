/** A kind of value that an option or an argument takes. */
export interface ValueKind<Value> {
  /** What it must be, as part of a message. */
  readonly wanted: string;
  /** The same in short, where the help has to name limits. */
  readonly bounds?: string;
  /** All values, where they are few: the message for a misspelt one can then suggest the right one. */
  readonly names?: () => readonly string[];
  /** Never repeated in a message. */
  readonly isSecret?: true;
  readonly parse: (text: string) => Value | undefined;
}

interface OptionText {
  /** Half a line of text; bounds and default are appended. */
  readonly help: string;
  /** The option that this one requires. */
  readonly goesWith?: string;
}

export interface Switch extends OptionText {
  readonly type: 'boolean';
}

/** An option with a value, as typed by a person. */
export interface ValueOption<Value> {
  readonly type: 'string';
  /** As shown in the usage: `N`, `<text>`, `<roles…>`. */
  readonly takes: string;
  readonly value: ValueKind<Value>;
}

interface ValuedOption<Value> extends OptionText, ValueOption<Value> {
  readonly default?: string;
  readonly multiple?: true;
}

/** An option as parseArgs takes it, with its help text and its kind of value. */
export type Option = Switch | ValuedOption<unknown>;

export type Options = Readonly<Record<string, Option>>;

/** The argument of a verb. */
export interface Argument<Value = unknown> extends ValueOption<Value> {
  readonly help: string;
  readonly least: 0 | 1;
  readonly most: number;
}

type ValueOf<Each extends Option> =
  Each extends ValuedOption<infer Value>
    ? Each extends { readonly multiple: true }
      ? readonly Value[]
      : Each extends { readonly default: string }
        ? Value
        : Value | undefined
    : boolean;

type ArgumentsOf<Taken extends Argument | undefined> =
  Taken extends Argument<infer Value>
    ? Taken extends { readonly least: 1 }
      ? readonly [Value, ...Value[]]
      : readonly Value[]
    : readonly [];

/** The parsed options and arguments of a verb, by its declaration. */
export interface ParsedInput<Declared extends Options, Taken extends Argument | undefined> {
  readonly options: { readonly [Name in keyof Declared]: ValueOf<Declared[Name]> };
  readonly args: ArgumentsOf<Taken>;
}

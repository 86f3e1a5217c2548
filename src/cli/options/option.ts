/** What may stand behind an option, or as an argument. */
export interface ValueKind<Value> {
  /** What it must be, as part of a message. */
  readonly wanted: string;
  /** The same in short, where the help has to name limits. */
  readonly bounds?: string;
  /** All there are, where they are few: one that is nearly right is told which was meant. */
  readonly names?: () => readonly string[];
  /** Never repeated in a message. */
  readonly isSecret?: true;
  readonly parse: (text: string) => Value | undefined;
}

interface OptionText {
  /** Half a line of text; bounds and default are added to it. */
  readonly help: string;
  /** The option without which this one means nothing. */
  readonly goesWith?: string;
}

export interface Switch extends OptionText {
  readonly type: 'boolean';
}

/** What is typed out, and read. */
export interface ValueOption<Value> {
  readonly type: 'string';
  /** As it stands in the usage: `N`, `<text>`, `<roles…>`. */
  readonly takes: string;
  readonly value: ValueKind<Value>;
}

interface ValuedOption<Value> extends OptionText, ValueOption<Value> {
  readonly default?: string;
  readonly multiple?: true;
}

/** An option as parseArgs takes it, with what people are told of it and what may stand behind it. */
export type Option = Switch | ValuedOption<unknown>;

export type Options = Readonly<Record<string, Option>>;

/** What a verb takes beside its options. */
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

/** What was typed behind a verb, as it declares it. */
export interface ParsedInput<Declared extends Options, Taken extends Argument | undefined> {
  readonly options: { readonly [Name in keyof Declared]: ValueOf<Declared[Name]> };
  readonly args: ArgumentsOf<Taken>;
}

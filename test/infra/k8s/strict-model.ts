/** A class of kubernetes-models: it validates, and says nothing of fields that it does not know. */
export interface Model {
  validate(): void;
}
export type ModelClass = new (data?: never) => Model;

interface Cursor {
  readonly path: string;
  readonly value: object;
  readonly asked: Set<string>;
  /** Its keys were enumerated: a map, whose keys are anybody's. */
  isMap: boolean;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const watch = (value: object, path: string, all: Cursor[]): object => {
  const looked: Cursor = { path, value, asked: new Set(), isMap: false };
  all.push(looked);
  const children = new Map<string, object>();
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string') return found;
      looked.asked.add(key);
      if (!isObject(found)) return found;
      const child = children.get(key) ?? watch(found, `${path}/${key}`, all);
      children.set(key, child);
      return child;
    },
    ownKeys: (target) => {
      looked.isMap = true;
      return Reflect.ownKeys(target);
    },
  });
};

const unknownIn = ({ path, value, asked, isMap }: Cursor): readonly string[] => {
  // A value that was never read into is free-form.
  if (isMap || asked.size === 0 || Array.isArray(value)) return [];
  return Object.keys(value).flatMap((key) => (asked.has(key) ? [] : [`${path}/${key} is unknown`]));
};

/**
 * What is wrong with an object by its model, fields that the model does not know among it. The compiled validators ask for
 * every field that they know, whether it is there or not, and for no other: what was not asked for is unknown.
 */
export const faultsByModel = (Class: ModelClass, object: object): readonly string[] => {
  const all: Cursor[] = [];
  const instance = Object.assign(new Class(), structuredClone(object));
  const watched = watch(instance, '', all);
  try {
    Reflect.apply(instance.validate, watched, []);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return all.flatMap(unknownIn);
};

/** A class of kubernetes-models: it validates the fields that it knows and ignores all others. */
export interface Model {
  validate(): void;
}
export type ModelClass = new (data?: never) => Model;

interface Cursor {
  readonly path: string;
  readonly value: object;
  readonly asked: Set<string>;
  /** Its keys were enumerated, so it is a map that may have any key. */
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
  // A value whose fields were never read may have any form.
  if (isMap || asked.size === 0 || Array.isArray(value)) return [];
  return Object.keys(value).flatMap((key) => (asked.has(key) ? [] : [`${path}/${key} is unknown`]));
};

/**
 * The faults of an object by its model, including fields that the model does not know. The compiled
 * validators read every field that they know, whether it is there or not, and no others. So a field that was
 * not read is unknown.
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

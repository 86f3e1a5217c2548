/**
 * Budget of the caches of all partitions of this process together, however many partitions it owns and however many pools
 * their shows have. V8 lets the heap grow to three times the live data, and a projector has some 30 MB of live data
 * besides: all of it fits into the 512 MB that the shipped manifests grant.
 */
export const cachedBytesMax = 64 * 1024 * 1024;

/** The caches of a process under one budget. When it is used up, the largest cache evicts, down to an equal share. */
export interface Memory {
  /** A new cache under the budget, until it is closed; `weigh` estimates the bytes of an entry. */
  open<Key, Value>(weigh: Weigh<Key, Value>): Cache<Key, Value>;
  close(...parts: readonly CachePart[]): void;
}

interface CachePart {
  readonly bytes: number;
  /** Evicts the oldest entries until so many bytes are free; returns how many bytes that freed. */
  evict(bytes: number): number;
  clear(): void;
}

type Weigh<Key, Value> = (key: Key, value: Value) => number;

/** Committed values by key, the most recently stored last. Never complete. */
export class Cache<Key, Value> extends Map<Key, Value> implements CachePart {
  readonly #weigh: Weigh<Key, Value>;
  readonly #makeRoom: () => void;
  #bytes = 0;

  constructor(weigh: Weigh<Key, Value>, makeRoom: () => void) {
    super();
    this.#weigh = weigh;
    this.#makeRoom = makeRoom;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Stores these as the newest; older entries are evicted for them. */
  putAll(found: Iterable<readonly [Key, Value]>): void {
    for (const [key, value] of found) this.set(key, value);
    this.#makeRoom();
  }

  evict(bytes: number): number {
    const before = this.#bytes;
    for (const oldest of this.keys()) {
      if (before - this.#bytes >= bytes) break;
      this.delete(oldest);
    }
    return before - this.#bytes;
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    this.#bytes += this.#weigh(key, value);
    return super.set(key, value);
  }

  override delete(key: Key): boolean {
    const value = this.get(key);
    if (value !== undefined) this.#bytes -= this.#weigh(key, value);
    return super.delete(key);
  }

  override clear(): void {
    this.#bytes = 0;
    super.clear();
  }
}

export const newMemory = (bytesMax = cachedBytesMax): Memory => {
  const parts = new Set<CachePart>();

  const makeRoom = (): void => {
    let tooMany = -bytesMax;
    for (const { bytes } of parts) tooMany += bytes;
    if (tooMany <= 0) return;
    const share = bytesMax / parts.size;
    for (const part of [...parts].toSorted((one, other) => other.bytes - one.bytes)) {
      tooMany -= part.evict(Math.min(tooMany, part.bytes - share));
      if (tooMany <= 0) return;
    }
  };

  return {
    open: (weigh) => {
      const cache = new Cache(weigh, makeRoom);
      parts.add(cache);
      return cache;
    },
    close: (...closed) => {
      for (const part of closed) {
        parts.delete(part);
        part.clear();
      }
    },
  };
};

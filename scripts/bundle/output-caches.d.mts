/** Remembers what was made for the keys of this frame and of the one before. */
export type FrameCache<T> = {get(key: string): T; nextFrame(): void};

/** Makes a cache of the results of `make`. */
export function createFrameCache<T>(make: (key: string) => T): FrameCache<T>;

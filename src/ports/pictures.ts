/** Renditions on disk, from the draft until the post is finished. */
export interface Pictures {
  /** Keeps the bytes durably and tells their SHA-256 in hex, by which they are found. */
  keep(bytes: Buffer): Promise<string>;
  /** The bytes, checked against their hash. Throws when they are missing or damaged. */
  read(sha256: string): Promise<Buffer>;
  remove(sha256s: readonly string[]): Promise<void>;
  /** Removes all but these: for the start, when nothing is being drafted. */
  keepOnly(sha256s: ReadonlySet<string>): Promise<void>;
}

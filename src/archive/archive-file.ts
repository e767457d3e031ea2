/** A file on its way into an archive, wherever it comes from. */

/** One user file with the place it gets in the archive. */
export interface ArchiveFile {
  /** Relative path with `/`, such as `app/cli.py`. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  /** The content; may be asked for more than once. */
  read(): Uint8Array;
}

/** Where an installed wheel goes: a directory, an archive, or a test's table. */
export interface WheelDestination {
  /**
   * Takes one file.
   *
   * @param path Relative to the root of the installed wheel, with `/`.
   * @param mode Permission bits: 0o644 or 0o755.
   */
  write(path: string, content: Uint8Array, mode: number): void | Promise<void>;
}

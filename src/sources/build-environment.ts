/** What a build backend runs in. Made by the application layer, because making one takes a resolver. */

/** A Python that sees exactly some build requirements. */
export interface BuildEnvironment {
  /** The command that runs a Python file in it: `command ...args FILE ARGUMENTS`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it sees nothing but those. */
  readonly isIsolated: boolean;
}

/** Makes build environments; they live as long as the task that they are handed to. */
export interface BuildEnvironments {
  /**
   * Resolves the requirements and runs the task with them installed.
   *
   * @param requirements PEP 508 texts.
   * @param purpose What messages say is being built.
   */
  within<Value>(
    requirements: readonly string[],
    purpose: string,
    task: (environment: BuildEnvironment) => Promise<Value>,
  ): Promise<Value>;
}

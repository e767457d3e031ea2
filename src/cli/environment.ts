/** Every variable that steers the builder, for the documentation. What steers a PEX at run time is the runtime's table. */

export interface EnvironmentVariable {
  readonly name: string;
  readonly type: "text" | "path" | "paths" | "integer" | "boolean" | "URL";
  /** What holds when it is not set. */
  readonly standard: string;
  readonly help: string;
}

export interface EnvironmentGroup {
  readonly title: string;
  readonly variables: readonly EnvironmentVariable[];
}

export const environmentGroups: readonly EnvironmentGroup[] = [
  {
    title: "Of pex",
    variables: [
      {
        name: "PEX_ROOT",
        type: "path",
        standard: "`pex` below the user's cache directory",
        help: "Root of all caches; `--pex-root` wins.",
      },
      {
        name: "PEX_VERBOSE",
        type: "integer",
        standard: "0",
        help: "How much is told on stderr, 0 to 9; `-v` counts only when it is not set.",
      },
      {
        name: "PEX_PYTHON_PATH",
        type: "paths",
        standard: "`PATH`",
        help: "Where interpreters are searched; `--python-path` wins.",
      },
      { name: "PEX_IGNORE_RCFILES", type: "boolean", standard: "0", help: "Read no files of settings." },
      {
        name: "PEX_DISABLE_VARIABLES",
        type: "boolean",
        standard: "0",
        help: "Ignore every other PEX_ variable, and files of settings.",
      },
    ],
  },
  {
    title: "Of pexjs",
    variables: [
      {
        name: "PEXJS_DEFAULT_PYTHON",
        type: "text",
        standard: "the first working `python3` or `python` on `PATH`",
        help: "The interpreter to build for when no option chooses one; for launchers that live in a Python. Programs that pex runs do not see it.",
      },
      {
        name: "PEXJS_DEFAULT_INDEX",
        type: "URL",
        standard: "what pip has built in",
        help: "The default package index. Read when pexjs itself is built, never when it runs.",
      },
    ],
  },
  {
    title: "Of pip",
    variables: [
      { name: "PIP_CONFIG_FILE", type: "path", standard: "none", help: "A further configuration file of pip." },
      { name: "PIP_INDEX_URL", type: "URL", standard: "the default index", help: "Replaces the default index." },
      { name: "PIP_EXTRA_INDEX_URL", type: "text", standard: "none", help: "Further indexes, separated by blanks." },
      {
        name: "PIP_FIND_LINKS",
        type: "text",
        standard: "none",
        help: "Further directories and pages of links, separated by blanks.",
      },
      { name: "PIP_NO_INDEX", type: "boolean", standard: "0", help: "Use no index." },
      {
        name: "PIP_TRUSTED_HOST",
        type: "text",
        standard: "none",
        help: "Hosts whose certificates are not checked, separated by blanks.",
      },
      { name: "PIP_CERT", type: "path", standard: "none", help: "Certificates to trust." },
      { name: "PIP_CLIENT_CERT", type: "path", standard: "none", help: "Certificate of this client." },
      { name: "PIP_PROXY", type: "URL", standard: "none", help: "The proxy for all requests." },
      {
        name: "PIP_TIMEOUT, PIP_DEFAULT_TIMEOUT",
        type: "integer",
        standard: "15",
        help: "Seconds until a silent connection is given up.",
      },
      { name: "PIP_RETRIES", type: "integer", standard: "5", help: "How often a failed request is tried again." },
      { name: "PIP_KEYRING_PROVIDER", type: "text", standard: "auto", help: "How passwords are asked of a keyring." },
    ],
  },
  {
    title: "Of the network",
    variables: [
      {
        name: "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY",
        type: "URL",
        standard: "none",
        help: "Proxies by scheme; lower case, too.",
      },
      { name: "NO_PROXY", type: "text", standard: "none", help: "Hosts to reach without a proxy; lower case, too." },
      { name: "NETRC", type: "path", standard: "`~/.netrc`", help: "A file of user names and passwords." },
      {
        name: "SSL_CERT_FILE, SSL_CERT_DIR",
        type: "path",
        standard: "those of the system",
        help: "Certificates to trust.",
      },
      {
        name: "REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE",
        type: "path",
        standard: "none",
        help: "Certificates to trust instead.",
      },
    ],
  },
  {
    title: "Of the terminal and the system",
    variables: [
      { name: "NO_COLOR", type: "text", standard: "not set", help: "Any value turns colours off." },
      {
        name: "FORCE_COLOR",
        type: "text",
        standard: "not set",
        help: "Any value but 0 and false turns colours on, also against NO_COLOR.",
      },
      { name: "TERM", type: "text", standard: "not set", help: "`dumb` turns colours and the progress line off." },
      { name: "CI", type: "text", standard: "not set", help: "Any value turns the progress line off." },
      { name: "TMPDIR", type: "path", standard: "`/tmp`", help: "Where temporary files go; `--tmpdir` wins." },
      {
        name: "XDG_CACHE_HOME",
        type: "path",
        standard: "`~/.cache`",
        help: "The user's cache directory (not on macOS).",
      },
      { name: "PATH", type: "paths", standard: "not set", help: "Where interpreters are searched." },
      {
        name: "PYENV_VERSION, PYENV_DIR",
        type: "text",
        standard: "what pyenv takes",
        help: "Which interpreters the shims of pyenv stand for, and where `.python-version` is looked for.",
      },
      {
        name: "VIRTUAL_ENV",
        type: "path",
        standard: "not set",
        help: "The active virtual environment, for a bare `--venv-repository`; its `pip.conf` counts.",
      },
      { name: "CONDA_PREFIX", type: "path", standard: "not set", help: "An environment whose `pip.conf` counts." },
      {
        name: "XDG_CONFIG_HOME, XDG_CONFIG_DIRS",
        type: "paths",
        standard: "`~/.config`, `/etc/xdg`",
        help: "Where `pip/pip.conf` is looked for (not on macOS).",
      },
    ],
  },
];

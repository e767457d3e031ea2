/** What a caller asks for and what it gets: the records of the Node API and of `--json`. */

/** Everything that makes one PEX. Fields are named like the long options of `pex`; all are optional. */
export interface BuildRequest {
  /** PEP 508 requirements, as typed. */
  readonly requirements?: readonly string[];
  /** Local projects: directories, sdists or wheels (`--project`). */
  readonly projects?: readonly string[];
  /** Dependency groups of a `pyproject.toml`, `name` or `name@directory` (`--group`). */
  readonly groups?: readonly string[];
  /** Requirements files: paths, URLs, or `-` for standard input. */
  readonly requirementsFiles?: readonly string[];
  readonly constraintsFiles?: readonly string[];
  /** Distributions that are left out, with what only they need (`--exclude`). */
  readonly excludes?: readonly string[];
  /** `requirement` or `project=requirement`: what counts wherever a distribution requires that project (`--override`). */
  readonly overrides?: readonly string[];
  /** Where the PEX goes; `{platform}` is replaced by its tags. */
  readonly outputFile?: string;
  /** Directories whose contents go to the root of the PEX (`-D`). */
  readonly sourcesDirectories?: readonly string[];
  /** `package[@dir]` (`-P`). */
  readonly packages?: readonly string[];
  /** `module[@dir]` (`-M`). */
  readonly modules?: readonly string[];
  /** `module` or `module:symbol` (`-m`, `-e`). */
  readonly entryPoint?: string;
  /** Name of a console script (`-c`). */
  readonly script?: string;
  /** Whether what the PEX runs is imported once, before the PEX is written; default false. */
  readonly validateEntryPoint?: boolean;
  /** A Python file to run (`--exe`). */
  readonly executable?: string;
  /** Whether the metadata block of that file counts (PEP 723); default true. */
  readonly pep723?: boolean;
  readonly injectArgs?: readonly string[];
  readonly injectEnv?: Readonly<Record<string, string>>;
  /** Arguments for Python itself, before the program (`--inject-python-args`). */
  readonly injectPythonArgs?: readonly string[];
  /** Variables that get the absolute path of a file inside the PEX (`--bind-resource-path`). */
  readonly bindResourcePaths?: Readonly<Record<string, string>>;
  /** Further PEX files to merge in at run time, as typed (`--pex-path`). */
  readonly pexPath?: readonly string[];
  /** A file of Python code that runs before anything else when the PEX starts (`--preamble-file`). */
  readonly preambleFile?: string;
  /** Whether the tools go into the PEX (`--include-tools`). */
  readonly includeTools?: boolean;

  /** Interpreters by path or name (`--python`). */
  readonly python?: readonly string[];
  /** Search path for interpreters instead of `PATH` (`--python-path`). */
  readonly pythonPath?: string;
  readonly interpreterConstraints?: readonly string[];
  /** Other machines, such as `linux_x86_64-cp-311-cp311` (`--platform`). */
  readonly platforms?: readonly string[];
  /** Names of machines, such as `debian12-py311` (`--target`). */
  readonly namedTargets?: readonly string[];
  /** Files or JSON texts that describe other machines, or names of targets (`--complete-platform`). */
  readonly completePlatforms?: readonly string[];
  /** What a Linux platform is taken to support, such as `manylinux_2_28`; `false` is none, the default `manylinux2014`. */
  readonly manylinux?: string | false;
  /** Whether a matching interpreter of this machine stands for a platform; default false. */
  readonly resolveLocalPlatforms?: boolean;
  /** Which interpreter comes first when several satisfy the constraints, now and at run time; default `oldest`. */
  readonly interpreterSelectionStrategy?: "oldest" | "newest";
  /** Text of the first line, with or without `#!`. */
  readonly pythonShebang?: string;
  /** Whether the PEX is started by `/bin/sh`, which looks for a Python (`--sh-boot`); default false. */
  readonly shBoot?: boolean;

  /** Whether the default index is used (`--pypi`); default true. */
  readonly defaultIndex?: boolean;
  /** Further indexes, as URL or `NAME=URL` (`-i`). */
  readonly indexes?: readonly string[];
  /** Directories, files or URLs of pages, also as `NAME=PLACE` (`-f`). */
  readonly findLinks?: readonly string[];
  /** `NAME=SCOPE`: the only projects that a named place serves, and they come from nowhere else (`--source`). */
  readonly sources?: readonly string[];
  /** Whether places that a requirements file names serve the requirements of that file alone; default false. */
  readonly deriveSources?: boolean;
  /** A PEX whose distributions are the only ones there are; without requirements, all that it requires (`--pex-repository`). */
  readonly pexRepository?: string;
  /**
   * Virtual environments whose distributions are the only ones there are, directories or interpreters; an empty text is the
   * active one (`--venv-repository`). Without another wish the PEX is for their interpreters.
   */
  readonly venvRepositories?: readonly string[];
  /** PEX files whose distributions and requirements are added (`--requirements-pex`). */
  readonly requirementsPexes?: readonly string[];
  /** Wheels and sdists, or directories of them, which are the only ones there are (`--pre-resolved-dists`). */
  readonly preResolvedDists?: readonly string[];
  /** Whether pip's configuration is honoured; default true. */
  readonly usePipConfig?: boolean;
  /** Whether pre-releases count as ordinary releases (`--pre`). */
  readonly prereleases?: boolean;
  /** Whether wheels may be used; default true. */
  readonly wheels?: boolean;
  /** Whether source distributions and local projects may be built; default true. */
  readonly builds?: boolean;
  /** Projects of which only wheels may be used (`--only-wheel`), whatever `builds` says. */
  readonly onlyWheels?: readonly string[];
  /** Projects that must be built (`--only-build`), whatever `wheels` says. */
  readonly onlyBuilds?: readonly string[];
  /** Whether an older wheel goes before a newer source distribution; default false. */
  readonly preferWheels?: boolean;
  /** Whether builds see only what they declare; `false`: what is installed for the interpreter; default true. */
  readonly buildIsolation?: boolean;
  /** Whether dependencies of requirements are followed; default true. */
  readonly transitive?: boolean;
  /** Whether only what is cached, or lies on this machine, counts (`--offline`); default false. */
  readonly offline?: boolean;
  /** Projects whose pages, metadata, files and built wheels are made sure of; `:all:` is every one (`--refresh`). */
  readonly refresh?: readonly string[];
  /** ISO 8601: files uploaded to an index then or later do not count (`--uploaded-prior-to`). */
  readonly uploadedPriorTo?: string;
  readonly retries?: number;
  /** Times in a row that a download which broke off is resumed in vain; default 3. */
  readonly resumeRetries?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly proxy?: string;
  /** A file of trusted certificates (`--cert`). */
  readonly cert?: string;
  readonly clientCert?: string;
  /** Whether the `keyring` command is asked for passwords: `subprocess`, `import` and `auto` all mean it; default pip's configuration, else `disabled`. */
  readonly keyringProvider?: "auto" | "disabled" | "import" | "subprocess";

  /** One file, or a directory; default `zipapp`. */
  readonly layout?: "zipapp" | "packed" | "loose";
  /** Whether wheels lie in the PEX as installed trees; default: in the loose layout only. */
  readonly preInstallWheels?: boolean;
  /** `false` stores user sources, and wheels that are installed into the PEX, without deflating them. */
  readonly compress?: boolean;
  /** Whether an interpreter of each target is asked if it can start from the zip file; default `none`. */
  readonly check?: "none" | "warn" | "error";
  /** Whether the sources lie in the PEX compiled, too, for the interpreters of its targets; default false. */
  readonly compile?: boolean;
  /** Whether what is inside is dated now, and not 1980-01-01; default false. */
  readonly useSystemTime?: boolean;
  /** Threads that unpack at the first start; 0 and -1, the default: as many as there are processors. */
  readonly maxInstallJobs?: number;
  /** A JSON object to record in the PEX, or the path of a file that holds one (`--build-properties`). */
  readonly buildProperties?: string;
  /** `name=value`, the value JSON or a text (`--build-property`). */
  readonly buildProperty?: readonly string[];
  /** Whether commit, branch and tag of the current directory are recorded; default false. */
  readonly recordGitState?: boolean;
  readonly ignoreErrors?: boolean;
  readonly inheritPath?: "false" | "prefer" | "fallback";
  readonly emitWarnings?: boolean;
  readonly stripPexEnv?: boolean;
  /** Makes the PEX run from a virtual environment; the value says where the environment's scripts stand on `PATH`. */
  readonly venv?: "false" | "prepend" | "append";
  /** Whether the interpreter is copied into that environment; default false. */
  readonly venvCopies?: boolean;
  /** Whether code is copied into it, not linked; default false. */
  readonly venvSitePackagesCopies?: boolean;
  /** Whether it sees the packages of its interpreter; default false. */
  readonly venvSystemSitePackages?: boolean;
  /** Whether Python's own variables and the user's packages count in it; default false. */
  readonly nonHermeticVenvScripts?: boolean;
  /** Root of the caches when the PEX runs (`--runtime-pex-root`). */
  readonly runtimePexRoot?: string;

  /** Root of all caches (`--pex-root`). */
  readonly pexRoot?: string;
  readonly disableCache?: boolean;
  readonly tmpdir?: string;
  /** Parallel downloads (`-j`). */
  readonly jobs?: number;
  /** Whether the finished PEX unpacks itself into the cache, for a warm first start; default false. */
  readonly seed?: boolean;
  /** Resolve and report, write nothing. */
  readonly dryRun?: boolean;
  /** Whether the result tells the SHA-256 of the PEX, which takes as long as writing it; default true. */
  readonly digest?: boolean;
}

/** One distribution inside a PEX, or that would be. */
export interface DistributionReport {
  readonly project: string;
  readonly version: string;
  /** File name of the wheel. */
  readonly file: string;
  /** `undefined` in a dry run whose index tells none. */
  readonly sha256: string | undefined;
  /** Bytes, where known. */
  readonly size: number | undefined;
  /**
   * URL of the file, or of the sdist that is built, or the path or URL that was named; without credentials.
   * `undefined` for what another PEX or an environment brings.
   */
  readonly source: string | undefined;
  /** Whether it is built from source; a dry run says so of what a build would have to build. */
  readonly built: boolean;
  /** Projects that require it; empty when the user asked for it. */
  readonly requiredBy: readonly string[];
}

/** How to start a PEX that has unpacked itself into the cache. */
export interface SeededPex {
  /** Root of the caches. */
  readonly pexRoot: string;
  /** The interpreter that it was unpacked for. */
  readonly python: string;
  /** What that interpreter is to run: the PEX, or the start of its virtual environment. */
  readonly pex: string;
}

/** What was built; `--json` prints exactly this. */
export interface BuildResult {
  /** Absolute path of the PEX; `undefined` in a dry run. */
  readonly path: string | undefined;
  /** `undefined` in a dry run, for a directory, or when no digest was wanted. */
  readonly sha256: string | undefined;
  /** Bytes, of a directory those of all its files. */
  readonly size: number | undefined;
  /** One description for each target. */
  readonly targets: readonly string[];
  readonly distributions: readonly DistributionReport[];
  /** Of a build with `seed`. */
  readonly seeded?: SeededPex;
}

/** What is built and started: four sizes of real applications, and one that we make ourselves. */

/** `script` with `arguments` must end quickly and successfully; `pexOptions` make upstream's file complete. */
export const SETS = {
  small: { requirements: ["requests"], script: "normalizer", arguments: ["--version"], pexOptions: [] },
  web: { requirements: ["flask", "gunicorn"], script: "flask", arguments: ["--version"], pexOptions: [] },
  data: {
    requirements: ["numpy", "pandas", "scipy", "scikit-learn"],
    script: "f2py",
    arguments: ["-v"],
    pexOptions: [],
  },
  wide: {
    requirements: ["jupyterlab"],
    script: "jupyter",
    arguments: ["--version"],
    // Its default resolver leaves nine distributions out.
    pexOptions: ["--resolver-version", "pip-2020-resolver"],
  },
};

/** 15,000 files, 250 MB unpacked, cut from the interpreter's own library; only started. */
export const HUGE = Array.from({ length: 10 }, (_, index) => `bench-huge-${index}`);

/** What the bars of starts are measured with. */
export const BOOT_SETS = { ...SETS, huge: { requirements: HUGE, pexOptions: [] } };

/** What is resolved: also sets that make resolvers search. */
export const RESOLVE_SETS = {
  web: SETS.web.requirements,
  wide: SETS.wide.requirements,
  data: SETS.data.requirements,
  airflow: ["apache-airflow[celery]"],
  torch: ["transformers[torch]"],
  aws: ["boto3", "botocore", "s3fs", "aiobotocore"],
};

/** Small pure packages; asking for another one each time makes every question new. */
export const EXTRA_ROOTS = ["iniconfig", "toolz", "colorama", "toposort"];

/** What is built and started: four sizes of real applications. */

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

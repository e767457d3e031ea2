"""What PEX_TOOLS=1 runs; only in PEX files that were built with `--include-tools` or `--venv`."""

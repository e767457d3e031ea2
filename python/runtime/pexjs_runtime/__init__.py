"""What runs inside a PEX file before its program does. `docs/internals/runtime.md` is the map."""

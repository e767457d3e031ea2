"""Compiles Python sources into what `import` keeps, never compared with their dates (PEP 552): a PEX unpacks them at any time.

stdin: {path: source in base64}; stdout: {"compiled": {path: content in base64}, "failed": {path: why}}
"""

import base64
import importlib.util
import json
import marshal
import sys

UNCHECKED_HASH = (1).to_bytes(4, "little")


def compiled(path, source):
    # type: (str, bytes) -> bytes
    code = compile(source, path, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(source) + marshal.dumps(code)


def main():
    # type: () -> None
    answer = {"compiled": {}, "failed": {}}  # type: dict
    for path, text in json.load(sys.stdin).items():
        try:
            content = compiled(path, base64.b64decode(text))
            answer["compiled"][importlib.util.cache_from_source(path)] = base64.b64encode(content).decode("ascii")
        except (SyntaxError, ValueError, RecursionError) as error:
            answer["failed"][path] = str(error)
    json.dump(answer, sys.stdout)


main()

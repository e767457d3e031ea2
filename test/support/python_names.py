"""Prints which modules Python files import, and which names of modules they use, as JSON."""

import ast
import json
import sys

modules, names = set(), set()
for path in sys.argv[1:]:
    with open(path) as stream:
        tree = ast.parse(stream.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
            names.update("%s.%s" % (node.module, each.name) for each in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.add("%s.%s" % (node.value.id, node.attr))
print(json.dumps({"modules": sorted(modules), "names": sorted(names)}))

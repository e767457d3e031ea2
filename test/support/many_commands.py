"""Runs many commands and tells how each ended: `many_commands.py`, with JSON on stdin.

[{"module": name, "args": [...]} | {"command": [...]}, with "env": {...} in both] becomes [{"status", "stdout", "stderr"}].
Modules run in forks of this process, which has imported the first of each name already: that is most of what they take.
"""

import json
import os
import runpy
import sys
import tempfile
import traceback


def main():
    jobs = json.load(sys.stdin)
    for name in ("pex.bin.pex", "pex.tools.main", "pex.resolver"):
        try:
            __import__(name)
        except ImportError:
            pass
    json.dump([run(job) for job in jobs], sys.stdout)


def run(job):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            become(job)
        status = os.waitpid(child, 0)[1]
        return {"status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1, "stdout": text(out), "stderr": text(err)}


def become(job):
    """Never returns."""
    os.environ.update(job.get("env", {}))
    status = 1
    try:
        if "command" in job:
            os.execvp(job["command"][0], job["command"])
        sys.argv = [job["module"]] + job["args"]
        runpy.run_module(job["module"], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        if isinstance(end.code, int) or end.code is None:
            status = end.code or 0
        else:
            sys.stderr.write("%s\n" % end.code)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def text(stream):
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


if __name__ == "__main__":
    main()

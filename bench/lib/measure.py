"""Starts one command and prints its wall time and peak memory; told what to do as JSON on standard input."""

import json
import os
import sys
import time

spec = json.load(sys.stdin)
os.chdir(spec["cwd"])
write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
actions = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, spec["stdout"], write, 0o644),
    (os.POSIX_SPAWN_OPEN, 2, spec["stderr"], write, 0o644),
]
start = time.perf_counter()
pid = os.posix_spawn(spec["command"][0], spec["command"], spec["env"], file_actions=actions)
status, usage = os.wait4(pid, 0)[1:]
seconds = time.perf_counter() - start
peak = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
print(json.dumps({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak": peak, "code": code}))

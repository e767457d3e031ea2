"""Starts one command, or copies of it at once, and prints wall time and peak memory; told what to do as JSON on standard input."""

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
command = spec["command"]
pids = [os.posix_spawn(command[0], command, spec["env"], file_actions=actions) for _ in range(spec.get("copies", 1))]
ends = [os.wait4(pid, 0)[1:] for pid in pids]
seconds = time.perf_counter() - start
peak = max(usage.ru_maxrss for _, usage in ends) * (1 if sys.platform == "darwin" else 1024)
cpu = sum(usage.ru_utime + usage.ru_stime for _, usage in ends)
codes = [os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status) for status, _ in ends]
code = next((code for code in codes if code != 0), 0)
print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak, "code": code}))

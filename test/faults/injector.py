"""Starts a PEX in a process whose file system fails at will: `injector.py FAULT LOG x.pex [argument...]`.

FAULT is `none`, `1970` for a clock that stands at zero, or `ACTION@CALLS:WHEN` with several of them joined by a comma.

    ACTION  kill    the process dies before the call
            SIGINT  somebody types Ctrl-C; the call follows all the same
            torn    a write writes half of what it should, then the process dies; other calls as `kill`
            EIO ... the call fails with that error (any name of `errno`)
    CALLS   change  those that change the disk      grow  those that need room on it
            read    those that only look            all   every call, or the name of one, such as `link`
    WHEN    7       the seventh such call           7+    that and all later ones

LOG gets one line for each call of the kind `all`, unless it is `-`. The PEX sees the same process as without this file,
but for the functions of `os` that touch the file system.
"""

import errno
import io
import os
import signal
import sys

try:
    import builtins
except ImportError:
    import __builtin__ as builtins

GROW = ("create", "write", "mkdir", "link", "symlink", "rename")
CHANGE = GROW + ("unlink", "rmdir", "chmod", "utime")
READ = ("open", "read", "listdir", "stat", "lstat", "flock")
NAMED = {"grow": GROW, "change": CHANGE, "read": READ, "all": CHANGE + READ}
REAL = dict((name, getattr(os, name)) for name in CHANGE + READ if hasattr(os, name))


class Fault(object):
    def __init__(self, text):
        action, _, rest = text.partition("@")
        calls, _, when = rest.partition(":")
        self.action = action
        self.calls = NAMED.get(calls, (calls,))
        self.first = int(when.rstrip("+"))
        self.last = None if when.endswith("+") else self.first
        self.count = 0

    def strikes(self, call):
        if call not in self.calls:
            return False
        self.count += 1
        return self.count >= self.first and (self.last is None or self.count <= self.last)


class Disk(object):
    def __init__(self, faults, log):
        self.faults = faults
        self.log = log

    def before(self, call, subject, data=None):
        """Called before everything that touches the disk; the program's own calls are none of ours."""
        if "pexjs_runtime" not in sys.modules:
            return
        if self.log is not None:
            REAL["write"](self.log, ("%s %r\n" % (call, subject)).encode("utf-8"))
        for fault in self.faults:
            if fault.strikes(call):
                if fault.action in ("kill", "torn"):
                    if fault.action == "torn" and data:
                        REAL["write"](subject, data[:len(data) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
                if fault.action == "SIGINT":
                    os.kill(os.getpid(), signal.SIGINT)
                    continue
                number = getattr(errno, fault.action)
                raise OSError(number, os.strerror(number), subject if isinstance(subject, (str, bytes)) else None)

    def wrap(self, name):
        real = REAL[name]

        def call(first=".", *more, **options):
            kind = "create" if name == "open" and more and more[0] & os.O_CREAT else name
            self.before(kind, first, more[0] if name == "write" else None)
            return real(first, *more, **options)

        return call

    def open(self, real):
        def call(path, mode="r", *more, **options):
            if path == "/proc/self/cmdline":
                return io.BytesIO("\0".join([sys.executable] + sys.argv + [""]).encode("utf-8"))
            if "w" not in mode:
                self.before("open", path)
                return real(path, mode, *more, **options)
            self.before("create", path)
            return WrittenFile(os, REAL["open"](path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666))

        return call


class WrittenFile(object):
    """A file whose writes are calls of `os.write`."""

    def __init__(self, system, descriptor):
        self.system = system
        self.descriptor = descriptor

    def write(self, data):
        return self.system.write(self.descriptor, data)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.system.close(self.descriptor)


def break_disk(faults, log):
    disk = Disk(faults, log)
    for name in REAL:
        setattr(os, name, disk.wrap(name))
    builtins.open = disk.open(builtins.open)
    io.open = disk.open(io.open)
    import fcntl

    REAL["flock"] = fcntl.flock
    fcntl.flock = disk.wrap("flock")


def stop_clock():
    import time

    time.time = lambda: 0.0
    os.utime = lambda path, times=None: REAL["utime"](path, times or (0, 0))


def is_archive(path):
    import zipimport

    try:
        zipimport.zipimporter(path)
    except ImportError:
        return False
    return True


def main():
    fault, log = sys.argv[1:3]
    del sys.argv[:3]
    sys.path[0] = sys.argv[0] if is_archive(sys.argv[0]) else os.path.dirname(sys.argv[0])  # as Python has it
    sys.orig_argv = [sys.executable] + sys.argv
    import runpy

    if fault == "1970":
        stop_clock()
    faults = [Fault(text) for text in fault.split(",")] if "@" in fault else []
    break_disk(faults, None if log == "-" else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666))
    runpy.run_path(sys.argv[0], run_name="__main__")


main()

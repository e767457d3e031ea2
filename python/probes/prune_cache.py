"""Takes out of the runtime's part of the cache what no PEX has used for some time; only Python can see who uses it.

Reads `{"run": folder, "before": seconds since 1970 or null for everything, "dry_run": boolean, "kinds": buckets or null for
all of them}` as JSON, and prints a list of
`{"kind": bucket, "name": entry, "bytes": size, "outcome": "removed" | "in use" | "kept"}`.

Every PEX holds a shared lock on `.last-access` of what it runs from, taken before it looks whether all is there
(`place.hold`). So an entry goes in this order: lock it alone, look at its date again, rename it, delete it. Whoever comes
in between finds it gone and makes it anew. First starts hold a shared lock on `locks/prune`: what they have found in the
store, or have just made, does not go before they hold it.

A shell can hold nothing, so of `shell/<key>` with its start files, and of the environments that its marks name, `open` goes first:
who comes later takes the long way. The rest follows when those who came before must have started. This is Python 2.7 and 3.
"""

import errno
import fcntl
import json
import os
import stat
import sys
import time

HELD = ("sites", "code", "venvs")
RECORDS = ("activations", "interpreters", "others", "warm")  # not locks: who holds one must not meet a second of its name
DAY = 86400.0
PATIENCE = 120.0
GRACE = 5.0  # seconds from a shell's look at `open` until the Python that it becomes has opened its file
LOCK = "prune"


class Pruning(object):
    def __init__(self, run, before, dry_run, kinds=None):
        self.run = run
        self.kinds = kinds
        self.before = float("inf") if before is None else before
        self.dry_run = dry_run
        self.found = []
        self.closed = set()

    def everything(self):
        self.close_ways()
        self.each("shell", self.take_way)
        for kind in HELD:
            self.each(kind, self.take_held)
        self.each("wheels", self.take_wheel)
        for kind in RECORDS:
            self.each(kind, self.take_record)
        return self.found

    def each(self, kind, take):
        if not self.wants(kind):
            return
        folder = "%s/%s" % (self.run, kind)
        for name in list_folder(folder):
            path = "%s/%s" % (folder, name)
            size = size_of(path)
            outcome, gone = self.try_to(self.take_leftover if name.startswith(".tmp-") else take, path)
            entry = {"kind": kind, "name": name, "bytes": size, "outcome": outcome}
            if gone and not self.dry_run:
                remove(gone)
            self.found.append(entry)

    def try_to(self, take, path):
        try:
            with Alone("%s/locks/%s" % (self.run, LOCK)):
                return take(path)
        except EnvironmentError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR):  # somebody else was faster, or it is nothing of ours
                return "kept", None
            raise

    def wants(self, kind):
        return self.kinds is None or kind in self.kinds

    def close_ways(self):
        closed = False
        for path in self.ways():
            marked = [self.run + "/venvs/" + name for name in list_folder(path + "/venvs")]
            if self.wants("shell") and self.is_old_way(path, marked) or self.wants("venvs") and any(map(self.is_old, marked)):
                self.closed.add(path)
                if not self.dry_run and os.path.exists(path + "/open"):
                    os.unlink(path + "/open")
                    closed = True
        if closed:
            time.sleep(GRACE)

    def ways(self):
        folder = self.run + "/shell"
        return [folder + "/" + name for name in list_folder(folder)]

    def is_old(self, path):
        """Of a folder that programs run from."""
        try:
            return os.stat(path + "/.last-access").st_mtime < self.before
        except EnvironmentError:
            return True

    def is_old_way(self, path, marked):
        used = [last_use("%s/start/%s" % (path, name)) for name in list_folder(path + "/start")]
        return max(used + [os.stat(path).st_mtime]) < self.before and all(map(self.is_old, marked))

    def take_way(self, path):
        if path not in self.closed or not self.dry_run and os.path.exists(path + "/open"):  # opened again
            return "kept", None
        return self.take_away(path)

    def take_held(self, path):
        """A folder that programs run from."""
        descriptor = os.open(path + "/.last-access", os.O_RDONLY)
        try:
            if os.fstat(descriptor).st_mtime >= self.before:
                return "kept", None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except EnvironmentError as error:
                if error.errno in (errno.EAGAIN, errno.EACCES):
                    return "in use", None
                raise
            if os.fstat(descriptor).st_mtime >= self.before:
                return "kept", None
            if not self.dry_run and any(os.path.exists(way + "/open") for way in self.ways_to(path)):
                return "in use", None
            return self.take_away(path)
        finally:
            os.close(descriptor)

    def ways_to(self, path):
        name = os.path.basename(path)
        if os.path.basename(os.path.dirname(path)) != "venvs":
            return []
        return [way for way in self.ways() if os.path.exists("%s/venvs/%s" % (way, name))]

    def take_wheel(self, path):
        """An unpacked wheel: sites and environments hold links to its files, so that removing a linked one saves nothing."""
        if last_use(path + "/files") >= self.before or is_linked(path):
            return "kept", None
        return self.take_away(path)

    def take_record(self, path):
        return ("kept", None) if last_use(path) >= self.before else self.take_away(path)

    def take_leftover(self, path):
        """Of a process that was killed: nobody makes one thing for a day."""
        if os.lstat(path).st_mtime >= time.time() - DAY:
            return "kept", None
        return self.take_away(path)

    def take_away(self, path):
        if self.dry_run:
            return "removed", path
        unique = "".join("%02x" % byte for byte in bytearray(os.urandom(6)))
        aside = "%s/.tmp-%d-%s" % (os.path.dirname(path), os.getpid(), unique)
        try:
            os.rename(path, aside)
        except EnvironmentError as error:
            if error.errno != errno.EXDEV:  # else it is in the image of a container, whose folders cannot be renamed
                raise
            remove(path)
        return "removed", aside


class Alone(object):
    """Between first starts."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        waited = 0.0
        while True:
            try:
                return fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except EnvironmentError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES) or waited > PATIENCE:
                    os.close(self.descriptor)
                    raise
            time.sleep(0.02)
            waited += 0.02

    def __exit__(self, *_):
        os.close(self.descriptor)


def list_folder(path):
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def last_use(path):
    """Seconds; most systems note at least once a day that a file was read."""
    state = os.stat(path)
    return max(state.st_mtime, state.st_atime)


def is_linked(folder):
    for top, _, names in os.walk(folder + "/lib"):
        for name in names:
            return os.lstat(os.path.join(top, name)).st_nlink > 1
    return False


def size_of(path):
    """Bytes on disk; of a file with several names, which lie in the cache too, each name has its share."""
    try:
        state = os.lstat(path)
        if not stat.S_ISDIR(state.st_mode):
            return state.st_size // max(state.st_nlink, 1)
        return sum(size_of(os.path.join(path, name)) for name in os.listdir(path))
    except EnvironmentError:
        return 0


def remove(path):
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            return os.unlink(path)
        for name in os.listdir(path):
            remove(os.path.join(path, name))
        os.rmdir(path)
    except EnvironmentError:
        pass  # it is out of the way, and the next pruning tries again


def main():
    request = json.load(sys.stdin)
    found = []
    if os.path.isdir(request["run"] + "/locks"):
        try:
            found = Pruning(**request).everything()
        except EnvironmentError as error:
            sys.exit("%s: %s" % (error.filename or request["run"], error.strerror))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

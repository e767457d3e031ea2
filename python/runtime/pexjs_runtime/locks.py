"""Locks that save work when many first starts happen at once. Nothing depends on them: without any, all do the work side by side."""

import errno
import os

from pexjs_runtime import compat

PATIENCE = 120.0  # seconds to wait for another first start before doing the same work beside it


def no_pruning(boot):
    """Pruning waits for first starts: what they have looked at must not go before they hold it."""
    return Lock(boot.run + "/locks/prune", shared=True)


class Lock(object):
    """Held from `with` or `acquire` on, by one process at a time or by those that share it."""

    def __init__(self, path, shared=False):
        self.path = path
        self.shared = shared
        self.descriptor = None

    def acquire(self):
        try:
            from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock

            kind = LOCK_SH if self.shared else LOCK_EX
            self.descriptor = open_file(self.path)
            flock(self.descriptor, kind | LOCK_NB)
        except (ImportError, OSError, IOError) as error:
            if self.descriptor is not None and error.errno in (errno.EAGAIN, errno.EACCES):
                wait(self.descriptor, kind)

    def release(self):
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def __enter__(self):
        self.acquire()

    def __exit__(self, *_):
        self.release()


def open_file(path):
    create = os.O_RDWR | os.O_CREAT
    try:
        descriptor = os.open(path, create, 0o666)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        os.makedirs(os.path.dirname(path))
        descriptor = os.open(path, create, 0o666)
    compat.close_on_exec(descriptor)
    return descriptor


def wait(descriptor, kind):
    """Sleep until the lock is granted: in a thread, because one process that was stopped must not stop all others."""
    from fcntl import flock

    granted = compat.allocate_lock()
    granted.acquire()

    def sleep():
        try:
            flock(descriptor, kind)
        except (OSError, IOError):
            pass
        granted.release()

    if compat.start_thread(sleep):
        compat.acquire_within(granted, PATIENCE)

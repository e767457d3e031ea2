"""Every difference between Python 2 and 3, and between CPython and PyPy, that the runtime meets."""

import os
import sys

PY2 = sys.version_info[0] == 2
PYPY = hasattr(sys, "pypy_version_info")


def native(text):
    """A literal of the builder as `str`: Python 2 has bytes there, and paths that mix both kinds break."""
    return text if isinstance(text, str) else text.encode("utf-8")


def system_text(text):
    """A literal of the builder that goes to the system, as a path, an argument or a variable: UTF-8, whatever the locale says."""
    return native(text) if PY2 else os.fsdecode(text.encode("utf-8", "surrogatepass"))


def native_tree(value):
    """The same for all that a JSON document holds."""
    if not PY2:
        return value
    if isinstance(value, list):
        return [native_tree(each) for each in value]
    if isinstance(value, dict):
        return dict((native_tree(name), native_tree(each)) for name, each in value.items())
    return native(value) if isinstance(value, type(u"")) else value


def path_bytes(path):
    """A path as bytes: file names of wheels are UTF-8 whatever the locale says."""
    return path if PY2 else os.fsencode(path)


def path_text(path):
    return path if PY2 else os.fsdecode(path)


def absolute(path):
    """As far as it can be told: the working directory may have been deleted."""
    try:
        return os.path.abspath(path)
    except OSError:
        return path


def is_free_threaded():
    """Whether this Python was built without the lock that lets one thread run at a time; it has folders and wheels of its own."""
    return "t" in getattr(sys, "abiflags", "")


def utf8(text):
    """As UTF-8, whatever the locale says; what of it is a path of the system becomes the bytes that it has there."""
    return native(text) if PY2 else text.encode("utf-8", "surrogateescape")


def extension_suffix():
    """What the names of extension modules end with; it tells builds apart that cannot share native code."""
    if PY2:  # suffixes tell nothing there, the width of Unicode does
        name = "pypy" if PYPY else "cp"
        width = 4 if sys.maxunicode > 65535 else 2
        return "%s-ucs%d%s" % (name, width, "d" if hasattr(sys, "gettotalrefcount") else "")
    import _imp  # built in

    return _imp.extension_suffixes()[0].rpartition(".")[0].strip(".")


def sha256(content=b"", size=0):
    """`hashlib` loads all of OpenSSL, which takes 4 ms and is three to six times as fast: worth it where `size` is above a megabyte."""
    if size > 1 << 20:
        from hashlib import sha256
    else:
        try:
            from _sha2 import sha256
        except ImportError:
            try:
                from _sha256 import sha256
            except ImportError:
                from hashlib import sha256
    return sha256(content)


def tell(text):
    """A line on stderr, which may be closed or full: what cannot be told is no reason to fail."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (AttributeError, IOError, OSError, ValueError):
        pass


def flush():
    """Before another program takes this process over."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, IOError, OSError, ValueError):
            pass


def python_flag(name):
    """A field of `sys.flags` that not every version has."""
    return getattr(sys.flags, name, False)


def read_at(descriptor, length, offset):
    """Up to `length` bytes from `offset` of a file that only the calling thread uses."""
    os.lseek(descriptor, offset, 0)
    return os.read(descriptor, length)


def start_thread(function):
    """A bare thread: `threading` costs 3 ms to import, and gevent wants to patch it first. Returns whether there is one."""
    if PY2:
        from thread import start_new_thread
    else:
        from _thread import start_new_thread
    try:
        start_new_thread(function, ())
    except Exception:  # of a kind of its own in Python 2: there may be no more of them
        return False
    return True


def allocate_lock():
    if PY2:
        from thread import allocate_lock
    else:
        from _thread import allocate_lock
    return allocate_lock()


def acquire_within(lock, seconds):
    """Wait for a lock of `allocate_lock`, but not longer."""
    if not PY2:
        lock.acquire(True, seconds)
        return
    import time

    while not lock.acquire(False) and seconds > 0:  # counted: the clock may be set meanwhile
        time.sleep(0.005)
        seconds -= 0.005


def close_on_exec(descriptor):
    """Python 3 opens everything so."""
    if PY2:
        from fcntl import F_SETFD, FD_CLOEXEC, fcntl

        fcntl(descriptor, F_SETFD, FD_CLOEXEC)


def hide_traceback():
    """When Ctrl-C is typed and nothing of the program's runs yet: there is no place in it to be shown. Python ends as it always does."""
    sys.excepthook = lambda *_: None


def restore_signals():
    """Before another program than Python takes over: Python ignores what should end it when nobody reads its output."""
    import signal

    for name in ("SIGPIPE", "SIGXFSZ"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def keep_on_exec(descriptor):
    """A copy that stays open when another program takes over; never in the place of a standard stream that is closed."""
    from fcntl import F_DUPFD, fcntl

    return fcntl(descriptor, F_DUPFD, 3)

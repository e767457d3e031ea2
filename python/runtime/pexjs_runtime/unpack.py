"""Writes the files of archives to disk, in as many threads as there are CPUs: `zlib` and the system calls run side by side."""

import os
import zlib

from pexjs_runtime import compat
from pexjs_runtime.archive import DEFLATED, LOCAL, damaged, data_start, read_exactly
from pexjs_runtime.folders import write_all

PIECE = 1 << 20  # what is read and kept in memory at once
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


class Job(object):
    """One member of one archive and the path (bytes) it goes to."""

    __slots__ = ("path", "member", "target", "size", "crc")

    def __init__(self, path, member, target):
        self.path = path
        self.member = member
        self.target = target
        self.size = member.packed
        self.crc = member.crc  # None where a `Check` vouches for the whole archive

    def run(self, descriptor):
        unpack_big(descriptor, self)


class Neighbours(object):
    """Small members that lie side by side in one archive: one read serves them all, and threads wait less for one another."""

    MOST = 128  # files, so that many tiny ones are shared out too

    def __init__(self, job):
        self.path = job.path
        self.start = job.member.start
        self.size = end_of(job.member) - self.start
        self.jobs = [job]

    def take(self, job):
        """Have this job among them, unless it lies too far away."""
        size = end_of(job.member) - self.start
        if not self.size < size <= PIECE or len(self.jobs) == self.MOST or job.path != self.path:
            return False
        self.size = size
        self.jobs.append(job)
        return True

    def run(self, descriptor):
        block = compat.read_at(descriptor, self.size, self.start)
        for job in self.jobs:
            unpack_small(descriptor, job, block, job.member.start - self.start)


def end_of(member):
    """Where its data end, unless its header has something unusual in it."""
    return member.start + LOCAL.size + len(member.name) + 64 + member.packed


class Check(object):
    """Whether the archive in `region` is the one that is known by `sha256`: others will take what is kept under that name."""

    def __init__(self, file, region, sha256):
        self.path = region.path
        self.size = region.size
        self.file = file
        self.region = region
        self.sha256 = sha256
        self.digest = compat.sha256(size=self.size)  # here, for no other thread can import while Python 2 imports `__pex__`

    def run(self, descriptor):
        offset = self.region.start
        end = offset + self.size
        while offset < end:
            data = read_exactly(descriptor, min(PIECE, end - offset), offset, self.path)
            self.digest.update(data)
            offset += len(data)
        if self.digest.hexdigest() != self.sha256:
            raise damaged(self.path, "`%s` is not what PEX-INFO says" % self.file)


def check_name(name, path):
    """No member may leave the folder it is unpacked to."""
    parts = name.split(b"/")
    if b".." in parts or b"" in parts or b"\0" in name or b"\\" in name and os.sep == "\\":
        raise damaged(path, "the file name %r is not allowed" % name)


def parents_of(names):
    """All folders that relative `names` (bytes) are in."""
    parents = set()
    for name in names:
        parent = name.rpartition(b"/")[0]
        while parent and parent not in parents:
            parents.add(parent)
            parent = parent.rpartition(b"/")[0]
    return parents


def make_parents(folder, names):
    """Create all folders of relative `names` (bytes) below `folder` (bytes), each once."""
    make_folders(folder, parents_of(names))


def make_folders(folder, names):
    for name in sorted(names):
        os.mkdir(folder + b"/" + name)


def count_threads(boot):
    """As many as were asked for; for 0 and -1 as many as there are processors."""
    wanted = boot.wants("PEX_MAX_INSTALL_JOBS")
    if wanted > 0:
        return wanted
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        try:
            return os.sysconf("SC_NPROCESSORS_ONLN")
        except (ValueError, OSError):
            return 1


def in_threads(work, count):
    """Run `work()` in `count` threads, this one included; the first failure of any is raised here."""
    failures = []
    finished = []
    for _ in range(count - 1):
        done = compat.allocate_lock()
        done.acquire()

        def run(done=done):
            try:
                work()
            except BaseException as failure:  # carried over to the thread that waits
                failures.append(failure)
            finally:
                done.release()

        if not compat.start_thread(run):
            break
        finished.append(done)
    try:
        work()
    finally:
        for done in finished:
            done.acquire()
    if failures:
        raise failures[0]


def group(jobs):
    """The same work, with the small members that are neighbours taken together."""
    groups = []
    last = None
    for job in jobs:
        if not isinstance(job, Job) or job.size > PIECE:
            groups.append(job)
        elif last is None or not last.take(job):
            last = Neighbours(job)
            groups.append(last)
    return groups


def unpack(jobs, threads):
    """Carry out all jobs, the big ones first so that no thread ends long after the others."""
    count = min(threads, len(jobs) // 16 + 1)
    jobs = sorted(group(jobs), key=lambda job: job.size)
    stop = []

    def work():
        descriptors = {}
        try:
            while jobs and not stop:
                job = jobs.pop()
                descriptor = descriptors.get(job.path)
                if descriptor is None:
                    descriptor = descriptors[job.path] = os.open(job.path, os.O_RDONLY)
                job.run(descriptor)
        except IndexError:  # another thread took the last job
            if jobs:
                raise
        except BaseException:
            stop.append(True)
            raise
        finally:
            for descriptor in descriptors.values():
                os.close(descriptor)

    in_threads(work, min(count, len(jobs)))


def unpack_small(descriptor, job, block, offset):
    """What was read of the archive has the member's header at `offset`, and most often its data. One write."""
    member = job.member
    if block[offset:offset + 4] != b"PK\3\4" or len(block) < offset + LOCAL.size:
        raise damaged(job.path, "a file in the archive is not where it should be")
    header = LOCAL.unpack_from(block, offset)
    length = LOCAL.size + header[9] + header[10]
    data = block[offset + length:offset + length + member.packed]
    if len(data) < member.packed:
        data = read_exactly(descriptor, member.packed, member.start + length, job.path)
    if member.method == DEFLATED:
        try:
            data = zlib.decompressobj(-15).decompress(data, member.size + 1)  # no more than one byte too many
        except zlib.error:
            raise damaged(job.path, "`%s` cannot be unpacked" % compat.path_text(member.name))
    if len(data) != member.size or job.crc is not None and zlib.crc32(data) & 0xFFFFFFFF != job.crc:
        raise damaged(job.path, "`%s` is not what it was" % compat.path_text(member.name))
    target = os.open(job.target, CREATE, 0o777 if member.executable else 0o666)
    try:
        if data:
            write_all(target, data)
    finally:
        os.close(target)


def unpack_big(descriptor, job):
    """Piece by piece, so that memory stays small."""
    member = job.member
    offset = data_start(descriptor, member, job.path)
    end = offset + member.packed
    inflate = zlib.decompressobj(-15) if member.method == DEFLATED else None
    crc = size = 0
    target = os.open(job.target, CREATE, 0o777 if member.executable else 0o666)
    try:
        while offset < end:
            data = read_exactly(descriptor, min(PIECE, end - offset), offset, job.path)
            offset += len(data)
            if inflate:
                try:
                    data = inflate.decompress(data, member.size - size + 1)
                except zlib.error:
                    raise damaged(job.path, "`%s` cannot be unpacked" % compat.path_text(member.name))
            if job.crc is not None:
                crc = zlib.crc32(data, crc)
            size += len(data)
            if size > member.size:
                break
            if data:
                write_all(target, data)
    finally:
        os.close(target)
    if size != member.size or job.crc is not None and crc & 0xFFFFFFFF != job.crc:
        raise damaged(job.path, "`%s` is not what it was" % compat.path_text(member.name))

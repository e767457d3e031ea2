"""Makes and describes the wheels of the local index. Usage: describe DIR | canary DIR NUMBER | giant DIR COUNT MEGABYTES | huge DIR"""

import base64
import hashlib
import json
import os
import sys
import zipfile


def describe(directory):
    for name in sorted(os.listdir(directory)):
        if name.endswith(".whl") and not os.path.exists(os.path.join(directory, name + ".json")):
            describe_wheel(os.path.join(directory, name))


def describe_wheel(path):
    with zipfile.ZipFile(path) as wheel:
        inner = [entry for entry in wheel.namelist() if entry.count("/") == 1 and entry.endswith(".dist-info/METADATA")]
        metadata = wheel.read(inner[0])
        files = sum(1 for entry in wheel.namelist() if not entry.endswith("/"))
    requires_python = None
    for line in metadata.decode("utf-8", "replace").splitlines():
        if not line:
            break
        if line.lower().startswith("requires-python:"):
            requires_python = line.split(":", 1)[1].strip()
    facts = {
        "sha256": digest_of_file(path),
        "size": os.path.getsize(path),
        "metadata_sha256": hashlib.sha256(metadata).hexdigest(),
        "requires_python": requires_python,
        "files": files,
    }
    publish(path + ".metadata", metadata)
    publish(path + ".json", json.dumps(facts).encode("utf-8"))


def digest_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def publish(path, data):
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.rename(path + ".new", path)


def canary(directory, number):
    version = "1.0.%s" % number
    path = os.path.join(directory, "bench_canary-%s-py3-none-any.whl" % version)
    write_wheel(path, "bench-canary", version, [("bench_canary.py", ('VERSION = "%s"\n' % version).encode("ascii"))])
    describe_wheel(path)


def giant(directory, count, megabytes):
    os.makedirs(directory, exist_ok=True)
    for index in range(count):
        name = "bench_giant_%d" % index
        path = os.path.join(directory, name + "-1.0-py3-none-any.whl")
        block = os.urandom(1 << 20)
        parts = max(1, megabytes // 64)

        def chunks(part):
            for turn in range(megabytes // parts):
                yield (b"%08d%08d" % (part, turn)) + block[16:]

        data = [("%s/data_%d.bin" % (name, part), chunks(part)) for part in range(parts)]
        write_wheel(path, name.replace("_", "-"), "1.0", [(name + "/__init__.py", b"")] + data)


def huge(directory):
    """Ten wheels with 15,000 files and 250 MB in all: pieces of the standard library's sources and of the interpreter."""
    library = os.path.dirname(os.__file__)
    sources = read_files(library, ".py")
    binary = read_files(os.path.join(library, "lib-dynload"), ".so")
    for index in range(10):
        name = "bench_huge_%d" % index
        path = os.path.join(directory, name + "-1.0-py3-none-any.whl")
        members = [("%s/library_%d.so" % (name, index), [(binary * (1 + (10 << 20) // len(binary)))[:10 << 20]])]
        for number in range(1500 - 4):
            start = (index * 1500 + number) * 9973 % (len(sources) - 20000)
            members.append(("%s/part%d/module%d.py" % (name, number % 50, number), [sources[start:start + 1000 + number * 18000 // 1500]]))
        write_wheel(path, name.replace("_", "-"), "1.0", members, zipfile.ZIP_DEFLATED)


def read_files(directory, suffix):
    contents = []
    for name in sorted(os.listdir(directory)):
        if name.endswith(suffix):
            with open(os.path.join(directory, name), "rb") as file:
                contents.append(file.read())
    return b"".join(contents)


def write_wheel(path, project, version, members, method=zipfile.ZIP_STORED):
    info = "%s-%s.dist-info" % (project.replace("-", "_"), version)
    record = []
    with zipfile.ZipFile(path + ".new", "w", method) as wheel:

        def write(name, chunks):
            digest, size = hashlib.sha256(), 0
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = method
            with wheel.open(entry, "w", force_zip64=False) as member:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    member.write(chunk)
            text = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode("ascii")
            record.append("%s,sha256=%s,%d" % (name, text, size))

        for name, content in members:
            write(name, [content] if isinstance(content, bytes) else content)
        metadata = "Metadata-Version: 2.1\nName: %s\nVersion: %s\n\n" % (project, version)
        write(info + "/METADATA", [metadata.encode("ascii")])
        write(info + "/WHEEL", [b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"])
        wheel.writestr(info + "/RECORD", "\n".join(record + [info + "/RECORD,,"]) + "\n")
    os.rename(path + ".new", path)


if __name__ == "__main__":
    command, directory = sys.argv[1:3]
    if command == "describe":
        describe(directory)
    elif command == "canary":
        canary(directory, sys.argv[3])
    elif command == "giant":
        giant(directory, int(sys.argv[3]), int(sys.argv[4]))
    elif command == "huge":
        huge(directory)

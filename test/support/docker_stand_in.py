"""`docker build -t NAME [-f FILE] .` and `docker run NAME [ARGUMENT]...` without a daemon, as far as our documents need them.

An image is a folder. While one is built or run it lies at one and the same place, and paths that begin with a slash are paths in there.
Programs are those of this machine: `python` is the version that the image is made from, nothing is installed, and `npx` is not needed.
"""

import json
import os
import re
import shutil
import subprocess
import sys

IMAGES = os.path.join(os.environ["HOME"], "images")
ROOT = os.path.join(os.environ["HOME"], "root")


def main(arguments):
    options = [each for each in arguments if each not in ("-q", "--rm")]
    if options[0] == "build":
        build(options[options.index("-t") + 1], options[options.index("-f") + 1] if "-f" in options else "Dockerfile")
    else:
        run(options[1], options[2:])


def build(name, path):
    with open(path) as file:
        text = re.sub(r"^#.*\n", "", file.read(), flags=re.M).replace("\\\n", " ")
    use_python(re.search(r"^FROM python:(\d+\.\d+)", text, re.M).group(1))
    stages = re.split(r"^FROM ", text, flags=re.M)[1:]
    for stage in stages:
        start, _, rest = stage.partition("\n")
        settings = {"env": {}, "cwd": "/", "ENTRYPOINT": []}
        shutil.rmtree(ROOT, ignore_errors=True)
        os.makedirs(ROOT)
        for line in rest.splitlines():
            word, _, argument = line.partition(" ")
            if word:
                STEPS[word](settings, argument)
        keep(start.split(" AS ")[1] if " AS " in start else name, settings)
    print(name)


def keep(name, settings):
    shutil.rmtree(os.path.join(IMAGES, name), ignore_errors=True)
    os.makedirs(IMAGES, exist_ok=True)
    os.rename(ROOT, os.path.join(IMAGES, name))
    with open(os.path.join(IMAGES, name + ".json"), "w") as file:
        json.dump(settings, file)


def run(name, arguments):
    os.rename(os.path.join(IMAGES, name), ROOT)
    with open(os.path.join(IMAGES, name + ".json")) as file:
        settings = json.load(file)
    os.environ.update(settings["env"])
    os.chdir(ROOT)
    command = settings["ENTRYPOINT"] + arguments
    os.execvp(command[0], command)


def use_python(version):
    commands = os.path.join(os.environ["HOME"], "commands")
    os.makedirs(commands, exist_ok=True)
    for name in ("python", "python3"):
        if not os.path.lexists(os.path.join(commands, name)):
            os.symlink(shutil.which("python" + version), os.path.join(commands, name))
    os.environ["PATH"] = commands + os.pathsep + os.environ["PATH"]


def inside(text):
    """Paths of the image are below our folder."""
    return re.sub(r"(?<![\w./:])/(?=\w|$)", ROOT + "/", text)


def copy(settings, argument):
    stage = re.match(r"--from=(\w+) ", argument)
    source, target = argument[stage.end() if stage else 0 :].split()
    source = os.path.join(IMAGES, stage.group(1)) + source if stage else source
    target = os.path.normpath(os.path.join(ROOT + settings["cwd"], inside(target)))
    os.makedirs(target if os.path.isdir(source) else os.path.dirname(target), exist_ok=True)
    subprocess.check_call(["cp", "-a", source + "/." if os.path.isdir(source) else source, target])


def execute(settings, command):
    if not command.startswith("apt-get "):
        command = inside(command.replace("npx -p pexjs ", ""))
        subprocess.check_call(
            ["/bin/sh", "-c", command], cwd=ROOT + settings["cwd"], env=dict(os.environ, **settings["env"]), stdout=sys.stderr
        )


def set_variable(settings, argument):
    name, _, value = argument.partition("=")
    settings["env"][name] = inside(value)


def change_folder(settings, argument):
    settings["cwd"] = argument
    os.makedirs(ROOT + argument)


def set_entry_point(settings, argument):
    settings["ENTRYPOINT"] = [inside(each) for each in json.loads(argument)]


STEPS = {
    "COPY": copy,
    "ENTRYPOINT": set_entry_point,
    "ENV": set_variable,
    "RUN": execute,
    "WORKDIR": change_folder,
}

if __name__ == "__main__":
    main(sys.argv[1:])

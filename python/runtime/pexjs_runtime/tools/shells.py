"""What makes a shell use a virtual environment: `activate` in its dialects, from the templates of the interpreter itself."""

import os

from pexjs_runtime import compat, folders

# Where the interpreter has no templates: Python 2.7, and distributions of Python that split `venv` off.
POSIX = """# Use it by: . bin/activate
deactivate () {
    if [ -n "${_OLD_VIRTUAL_PATH+x}" ]; then
        PATH="$_OLD_VIRTUAL_PATH"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "${_OLD_VIRTUAL_PYTHONHOME+x}" ]; then
        PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if [ -n "${_OLD_VIRTUAL_PS1+x}" ]; then
        PS1="$_OLD_VIRTUAL_PS1"
        unset _OLD_VIRTUAL_PS1
    fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    hash -r 2>/dev/null
    if [ "${1-}" != nondestructive ]; then
        unset -f deactivate
    fi
}

deactivate nondestructive
VIRTUAL_ENV=%(folder)s
VIRTUAL_ENV_PROMPT=%(prompt)s
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT
_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -n "${PYTHONHOME+x}" ]; then
    _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME"
    unset PYTHONHOME
fi
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _OLD_VIRTUAL_PS1="${PS1-}"
    PS1="($VIRTUAL_ENV_PROMPT) ${PS1-}"
fi
hash -r 2>/dev/null
"""
NAMES = ("activate", "activate.csh", "activate.fish", "Activate.ps1")


def put(top, folder, prompt):
    """Into the environment that lies in `top` now and in `folder` later."""
    prompt = prompt or os.path.basename(folder)
    try:
        put_templates(top, folder, prompt)
    except (ImportError, AttributeError, OSError, TypeError, ValueError):
        pass
    if not os.path.exists(top + "/bin/activate"):
        text = POSIX % {"folder": quoted(folder), "prompt": quoted(prompt)}
        folders.write_file(top + "/bin/activate", compat.path_bytes(text))


def put_templates(top, folder, prompt):
    """As `python -m venv` does: it knows what the templates of its version want to be told."""
    import venv

    builder = venv.EnvBuilder(prompt=prompt)
    context = builder.ensure_directories(top)
    context.env_dir, context.env_name = folder, os.path.basename(folder)
    context.env_exe = folder + "/bin/python"
    builder.setup_scripts(context)


def quoted(text):
    return "'%s'" % text.replace("'", "'\\''")

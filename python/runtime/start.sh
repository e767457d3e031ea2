#!/bin/sh
# The head of a PEX built with --sh-boot: finds a Python and becomes it, with builtins only and no process beside it (but for what it must ask).
# For a PEX directory this text stands inside a Python string, so there is no backslash and no triple quote in it.
set -efu
IFS=:

_pex_key=''
_pex_layout=''
_pex_venv=''
_pex_isolated=''
_pex_sealed_root=''
_pex_sealed_python=''
_pex_names=''
_pex_stage=''

_pex_file=$0
case $_pex_file in -*) _pex_file=./$_pex_file ;; esac

_pex_become() {
    _pex_program=$1
    shift
    exec "$_pex_program" "$@"
}

_pex_is_program() {
    [ -x "$1" ] && [ -f "$1" ]
}

# What does not say by its name that it is a Python is asked; so is a shim of a version manager: it may have nothing to run.
_pex_is_python() {
    _pex_is_program "$1" || return 1
    case ${1%/*} in
    */shims) ;;
    *) case ${1##*/} in python*|pypy*) return 0 ;; esac ;;
    esac
    [ "$("$1" -c 'print(355 * 113)' < /dev/null 2> /dev/null)" = 40115 ]
}

# The versions that are active for the shims of $_pex_pyenv.
_pex_read_active() {
    _pex_active=${PYENV_VERSION-}
    if [ -n "$_pex_active" ]; then
        return
    fi
    _pex_at=${PWD-}
    while [ -n "$_pex_at" ] && ! [ -r "$_pex_at/.python-version" ]; do
        _pex_at=${_pex_at%/*}
    done
    _pex_at=$_pex_at/.python-version
    if ! [ -r "$_pex_at" ]; then
        _pex_at=$_pex_pyenv/version
    fi
    if [ -r "$_pex_at" ]; then
        while IFS=' ' read -r _pex_line || [ -n "$_pex_line" ]; do
            case $_pex_line in
            '#'*) ;;
            *) _pex_active=$_pex_active${_pex_line%% *}: ;;
            esac
        done < "$_pex_at"
    fi
}

# Folders ($1) with those of the active versions in the place of shims: a shim of another version would take over and fail.
_pex_look_behind_shims() {
    _pex_folders=
    for _pex_folder in $1; do
        _pex_pyenv=${_pex_folder%/shims}
        if [ "$_pex_pyenv" = "$_pex_folder" ] || ! [ -d "$_pex_pyenv/versions" ]; then
            _pex_folders=$_pex_folders${_pex_folder:-.}:
            continue
        fi
        _pex_read_active
        for _pex_version in $_pex_active; do
            _pex_newest_first=
            set +f
            for _pex_folder in "$_pex_pyenv/versions/$_pex_version".*/bin; do
                _pex_newest_first=$_pex_folder:$_pex_newest_first
            done
            set -f
            _pex_folders=$_pex_folders$_pex_pyenv/versions/$_pex_version/bin:$_pex_newest_first
        done
    done
}

# The first of some names ($1) that is a program in one of some folders ($2), names before folders.
_pex_search() {
    case $2 in
    */shims|*/shims:*) _pex_look_behind_shims "$2" ;;
    *) _pex_folders=$2 ;;
    esac
    for _pex_name in $1; do
        for _pex_folder in $_pex_folders; do
            _pex_python=${_pex_folder:-.}/$_pex_name
            if _pex_is_python "$_pex_python"; then
                return
            fi
        done
    done
    _pex_python=
}

# What the user asks for by variables. Whether it fits is judged by the runtime, which reads them again.
_pex_search_wanted() {
    case ${PEX_PYTHON-} in
    */*) if _pex_is_python "$PEX_PYTHON"; then _pex_python=$PEX_PYTHON; return; fi ;;
    ?*) _pex_names=$PEX_PYTHON:$_pex_names ;;
    esac
    for _pex_place in ${PEX_PYTHON_PATH-}; do
        if _pex_is_python "$_pex_place"; then
            _pex_python=$_pex_place
        else
            _pex_search "$_pex_names" "$_pex_place"
        fi
        if [ -n "$_pex_python" ]; then
            return
        fi
    done
}

_pex_python=
case ${PEX_PYTHON-}${PEX_PYTHON_PATH-} in
?*) case ${PEX_DISABLE_VARIABLES-} in ''|0|[Ff][Aa][Ll][Ss][Ee]) _pex_search_wanted ;; esac ;;
esac
if [ -z "$_pex_python" ]; then
    if [ -n "$_pex_sealed_python" ] && _pex_is_program "$_pex_sealed_python"; then
        _pex_python=$_pex_sealed_python
    else
        _pex_search "$_pex_names" "${PATH-}:"
    fi
fi
case $_pex_python in
'')
    printf '%s: ' "${_pex_file##*/}" >&2
    printf '%s ' 'No Python was found. Looked for' ${_pex_sealed_python:+"$_pex_sealed_python"} $_pex_names >&2
    printf '%s' "on PATH, which is: ${PATH-}" >&2
    echo >&2
    echo 'hint: install one of them, or correct PATH, or name a Python by PEX_PYTHON=/path/to/python' >&2
    exit 1
    ;;
/*) ;;
*) _pex_python=./$_pex_python ;;
esac

# Where earlier starts may have left a shorter way. Without one it is the file itself that Python reads.
_pex_root=${PEX_ROOT:-$_pex_sealed_root}
if [ -z "$_pex_root" ]; then
    case ${OSTYPE-} in
    darwin*) _pex_root=${HOME:-unknown}/Library/Caches/pex ;;
    *) _pex_root=${XDG_CACHE_HOME:-${HOME:-unknown}/.cache}/pex ;;
    esac
fi
_pex_run=${_pex_root%/}/pexjs/1/run
_pex_short=$_pex_run/shell/$_pex_key

_pex_home=$_pex_file
if [ "$_pex_layout" != zipapp ]; then
    case $_pex_file in
    */*) _pex_home=${_pex_file%/*} ;;
    *) _pex_home=. ;;
    esac
fi

# An environment that was made for this PEX, of the very Python that was found. The variables choose among environments;
# what a pexrc file says of them, and whether all is as it was left, is looked at inside.
_pex_enter_environment() {
    if [ -n "${PEX_DISABLE_VARIABLES+x}${PEX_IGNORE_ERRORS+x}${PEX_IGNORE_RCFILES+x}${PEX_INHERIT_PATH+x}" ] ||
        [ -n "${PEX_PATH+x}${PEX_PYTHON+x}${PEX_PYTHON_PATH+x}${PEX_TOOLS+x}${PEX_VENV+x}${PEX_VERBOSE+x}${PEX_VERIFY+x}" ]; then
        return
    fi
    if [ -n "$_pex_isolated" ] && [ -n "${PYTHONINSPECT-}" ]; then # an option has to say it instead
        return
    fi
    if [ "$_pex_layout" != zipapp ] && ! [ -e "$_pex_home/.bootstrap" ]; then # started by a link from elsewhere
        return
    fi
    set +f
    for _pex_mark in "$_pex_short/venvs"/*; do
        _pex_folder=$_pex_run/venvs/${_pex_mark##*/}
        if [ "$_pex_python" -ef "$_pex_folder/bin/python" ] && [ -f "$_pex_folder/pex" ] &&
            [ -f "$_pex_folder/pyvenv.cfg" ] && [ -d "$_pex_folder/.bootstrap" ]; then
            export __PEXJS_VENV_NAME="$_pex_file" __PEXJS_VENV_PEX="$_pex_home" __PEXJS_VENV_PYTHON="$_pex_python"
            _pex_become "$_pex_folder/bin/python" ${_pex_isolated:+-I} "$_pex_folder/pex" "$@"
        fi
    done
    set -f
}

case $_pex_root in
/*)
    if [ -f "$_pex_short/open" ]; then
        if [ -n "$_pex_venv" ]; then
            _pex_enter_environment "$@"
        fi
        # A small copy of what Python reads first, because it reads the directory of the whole archive before that.
        if [ "$_pex_layout" = zipapp ] && [ -z "${PEX_VERIFY-}" ] && [ -f "$_pex_short/start/${_pex_file##*/}" ]; then
            export __PEXJS_SHELL_FILE="$_pex_file"
            _pex_file=$_pex_short/start/${_pex_file##*/}
        fi
    fi
    ;;
esac
if [ -n "$_pex_stage" ]; then
    export __PEXJS_STAGE="$_pex_stage"
fi
_pex_become "$_pex_python" "$_pex_file" "$@"

"""`info`: the PEX-INFO of the PEX, as the variables of this start change it."""

from pexjs_runtime import archive
from pexjs_runtime.tools import common

SETTINGS = (
    ("PEX_EMIT_WARNINGS", "emit_warnings"), ("PEX_IGNORE_ERRORS", "ignore_errors"), ("PEX_INHERIT_PATH", "inherit_path"),
    ("PEX_MAX_INSTALL_JOBS", "max_install_jobs"), ("PEX_PATH", "pex_paths"), ("PEX_VENV", "venv"), ("PEX_VENV_BIN_PATH", "venv_bin_path"),
)


def add_to(commands, name):
    parser = common.add_tool(commands, name, run, "print the PEX-INFO of the PEX, with the variables of this start put in")
    common.add_output_options(parser)


def run(boot, options):
    info = archive.read_info(archive.Container(boot.home))
    for variable, field in SETTINGS:
        if variable in boot.settings:
            info[field] = boot.settings[variable]
    if "PEX_PATH" in boot.settings:
        info["pex_path"] = ":".join(info["pex_paths"])
    for variable, field, other in (("PEX_MODULE", "entry_point", "script"), ("PEX_SCRIPT", "script", "entry_point")):
        if variable in boot.settings:
            info.pop(other, None)
            info[field] = boot.settings[variable]
    info.pop("pex_root", None)
    pairs = sorted(info.items()) + [("pex_root", boot.root)]
    common.write(common.to_json(pairs, options.indent) + "\n", options.output)

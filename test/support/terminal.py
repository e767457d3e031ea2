"""Starts a PEX at a terminal, types lines, and prints the screen and the exit status: `terminal.py PYTHON [-E] PEX [--] LINE…`."""

import os
import pty
import select
import sys
import time

PATIENCE = 20


def screen_of(argv, lines):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(argv[0], argv, os.environ)
    shown = read_until(terminal, b">>> ")
    for line in lines:
        for piece in line.replace("\t", "\t\0").split("\0"):
            os.write(terminal, piece.encode())
            time.sleep(0.2 if piece.endswith("\t") else 0)
        os.write(terminal, b"\r")
        shown += read_until(terminal, b">>> ")
    shown += read_until(terminal, None)  # an editor shows its prompt again at every key: what it printed last may be still to come
    status = os.waitpid(pid, 0)[1]
    return shown.decode("utf-8", "replace"), os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)


def read_until(terminal, mark):
    """What is shown up to a mark, or without one up to the end of the program."""
    shown = b""
    end = time.time() + PATIENCE
    while (mark is None or mark not in shown) and time.time() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
    return shown


arguments = sys.argv[1:]
start = arguments.index("--") if "--" in arguments else 2
screen, status = screen_of(arguments[:start], [line for line in arguments[start:] if line != "--"])
sys.stdout.write(screen + "\nstatus %d\n" % status)

"""PEX_PROFILE and PEX_COVERAGE: runs the program under a profiler or under `coverage`, and reports at its end."""

import sys

from pexjs_runtime import settings

# The program's own code runs in its own `__main__`; this stands above it, in a namespace that nobody else sees.
RUN = """
for _ in measures:
    _.start()
try:
    exec(code, names)
finally:
    for _ in reversed(measures):
        _.stop()
    for _ in measures:
        _.report()
"""


class Run(object):
    """What stands in for a `__main__`: the namespace in which `RUN` is executed."""


def measured(boot, main, code):
    """A namespace and code that runs the program's code in `main`, measured."""
    wanted = boot.settings.get
    measures = []
    if wanted("PEX_PROFILE") or wanted("PEX_PROFILE_FILENAME"):
        measures.append(Profile(boot, wanted("PEX_PROFILE_FILENAME"), wanted("PEX_PROFILE_SORT") or "cumulative"))
    if wanted("PEX_COVERAGE") or wanted("PEX_COVERAGE_FILENAME"):
        measures.append(Coverage(boot, wanted("PEX_COVERAGE_FILENAME")))
    if not measures:
        return main, code
    run = Run()
    run.measures, run.code, run.names = measures, code, main.__dict__
    run.keep = sys.modules[__name__]  # Python 2 empties a module that nobody has
    return run, compile(RUN, "<measured>", "exec", 0, True)


class Measure(object):
    def __init__(self, boot, path):
        self.name = boot.home
        self.path = path

    def give_up(self, what, variable):
        sys.stdout.flush()
        settings.Failure(what, "correct or unset %s" % variable).end(self.name)


class Profile(Measure):
    def __init__(self, boot, path, order):
        Measure.__init__(self, boot, path)
        import cProfile
        import pstats

        orders = sorted(pstats.Stats.sort_arg_dict_default)
        if not any(name.startswith(order) for name in orders):
            what = "The variable PEX_PROFILE_SORT must be one of %s: %r" % (", ".join("`%s`" % name for name in orders), order)
            raise settings.Failure(what, "set it to one of these, or unset it")
        self.order = order
        self.profiler = cProfile.Profile()
        self.read = pstats.Stats

    def start(self):
        self.profiler.enable()

    def stop(self):
        self.profiler.disable()

    def report(self):
        if not self.path:
            self.read(self.profiler, stream=sys.stdout).sort_stats(self.order).print_stats()
            return
        try:
            self.profiler.dump_stats(self.path)
        except (IOError, OSError) as error:
            self.give_up("The profile cannot be saved as %s: %s" % (self.path, error.strerror), "PEX_PROFILE_FILENAME")


class Coverage(Measure):
    def __init__(self, boot, path):
        Measure.__init__(self, boot, path)
        try:
            import coverage
        except ImportError as error:
            what = "Cannot measure the coverage, because the module `coverage` cannot be imported: %s" % error
            raise settings.Failure(what, "build the PEX with the requirement `coverage`, or unset PEX_COVERAGE and PEX_COVERAGE_FILENAME")
        self.coverage = coverage.Coverage(data_file=path or None)
        self.known = coverage.CoverageException

    def start(self):
        self.coverage.start()

    def stop(self):
        self.coverage.stop()

    def report(self):
        try:
            if self.path:
                self.coverage.save()
            else:
                self.coverage.report(file=sys.stdout)
        except self.known as error:
            self.give_up("The coverage cannot be told: %s" % error, "PEX_COVERAGE_FILENAME" if self.path else "PEX_COVERAGE")
        except (IOError, OSError) as error:
            self.give_up("The coverage cannot be saved as %s: %s" % (self.path, error.strerror), "PEX_COVERAGE_FILENAME")

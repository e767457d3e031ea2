"""Versions and specifiers (PEP 440), for versions that a builder has already accepted."""

LETTERS = {"a": "a", "alpha": "a", "b": "b", "beta": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc"}
POSTS = ("post", "rev", "r")
WORDS = tuple(sorted(tuple(LETTERS) + POSTS + ("dev",), key=len, reverse=True))
OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
FIRST, LAST = (-1,), (1,)  # before and after every `(0, ...)`


class InvalidVersion(ValueError):
    pass


class Version(object):
    """Its parts, and `key`, by which versions are ordered."""

    def __init__(self, text):
        self.text = text
        public, plus, local = text.strip().lower().partition("+")
        if public.startswith("v"):
            public = public[1:]
        epoch, bang, rest = public.rpartition("!")
        scanner = Scanner(rest, text)
        self.epoch = scanner.number(epoch) if bang else 0
        self.release = scanner.release()
        self.pre = self.post = self.dev = None
        self.read_suffixes(scanner)
        self.local = tuple(local_part(part, text) for part in local.replace("-", ".").replace("_", ".").split(".")) if plus else ()

    def read_suffixes(self, scanner):
        while scanner.rest:
            word, number = scanner.suffix()
            if word in LETTERS and (self.pre, self.post, self.dev) == (None, None, None):
                self.pre = (LETTERS[word], number or 0)
            elif word in POSTS and (self.post, self.dev) == (None, None):
                self.post = number or 0
            elif word == "dev" and self.dev is None:
                self.dev = number or 0
            elif word == "" and number is not None and (self.post, self.dev) == (None, None):
                self.post = number  # the form 1.0-1
            else:
                raise InvalidVersion("Invalid version: %r" % self.text)

    @property
    def is_prerelease(self):
        return self.pre is not None or self.dev is not None

    def key(self, with_local=True):
        release = self.release
        while len(release) > 1 and release[-1] == 0:
            release = release[:-1]
        pre = (0,) + self.pre if self.pre else LAST
        if self.pre is None and self.post is None and self.dev is not None:
            pre = FIRST
        post = FIRST if self.post is None else (0, self.post)
        dev = LAST if self.dev is None else (0, self.dev)
        return self.epoch, release, pre, post, dev, self.local if with_local else ()

    def first_key(self):
        """Where the first pre-release of a final or post-release stands: `1.0.dev0`, `1.0.post1.dev0`."""
        epoch, release, pre, post, _, _ = self.key()
        return epoch, release, FIRST if self.post is None else pre, post, (0, 0), ()


class Scanner(object):
    def __init__(self, rest, text):
        self.rest = rest
        self.text = text

    def number(self, digits):
        if not digits.isdigit():
            raise InvalidVersion("Invalid version: %r" % self.text)
        return int(digits)

    def take(self, test):
        end = 0
        while end < len(self.rest) and test(self.rest[end]):
            end += 1
        taken, self.rest = self.rest[:end], self.rest[end:]
        return taken

    def release(self):
        numbers = [self.number(self.take(str.isdigit))]
        while self.rest[:1] == "." and self.rest[1:2].isdigit():
            self.rest = self.rest[1:]
            numbers.append(self.number(self.take(str.isdigit)))
        return tuple(numbers)

    def suffix(self):
        """A word and its number: `.post-1`, `rc2`, `-1`, `.dev`."""
        separator = self.take_separator()
        word = next((word for word in WORDS if self.rest.startswith(word)), "")
        rest = self.rest = self.rest[len(word):]
        if word:
            self.take_separator()
        digits = self.take(str.isdigit)
        if not digits:
            self.rest = rest
        if not word and (separator != "-" or not digits):
            raise InvalidVersion("Invalid version: %r" % self.text)
        return word, int(digits) if digits else None

    def take_separator(self):
        if self.rest[:1] in ("-", "_", ".") and self.rest:
            separator, self.rest = self.rest[0], self.rest[1:]
            return separator
        return ""


def local_part(part, text):
    if not part.isalnum():
        raise InvalidVersion("Invalid version: %r" % text)
    return (1, int(part), "") if part.isdigit() else (0, 0, part)


class Specifiers(object):
    """Clauses that must all hold, like `>=1,!=1.5.*`; pre-releases count like all others."""

    def __init__(self, text):
        self.text = text.strip().strip("()").strip()
        self.clauses = [Clause(clause.strip()) for clause in self.text.split(",") if clause.strip()]

    def contains(self, version):
        version = Version(version) if isinstance(version, str) else version
        return all(clause.holds(version) for clause in self.clauses)


class Clause(object):
    def __init__(self, text):
        self.operator = next((operator for operator in OPERATORS if text.startswith(operator)), "")
        operand = self.operand = text[len(self.operator):].strip()
        self.is_prefix = self.operator in ("==", "!=") and operand.endswith(".*")
        if self.operator == "===":
            return
        self.version = Version(operand[:-2] if self.is_prefix else operand)
        wanted = self.version
        is_exact = self.operator in ("==", "!=") and not self.is_prefix
        has_suffix = (wanted.pre, wanted.post, wanted.dev) != (None, None, None)
        if not self.operator or wanted.local and not is_exact or self.is_prefix and has_suffix:
            raise InvalidVersion("Invalid specifier: %r" % text)
        if self.operator == "~=" and len(wanted.release) < 2:
            raise InvalidVersion("Invalid specifier: %r" % text)

    def holds(self, version):
        operator = self.operator
        if operator == "===":
            return version.text.strip().lower() == self.operand.lower()
        if operator in ("==", "!="):
            return self.equals(version) == (operator == "==")
        wanted = self.version
        public = version.key(False)
        if operator == ">=":
            return public >= wanted.key()
        if operator == "<=":
            return public <= wanted.key()
        if operator == "~=":
            return public >= wanted.key() and has_prefix(version, wanted.epoch, wanted.release[:-1])
        if operator == "<":  # neither what stands before it as its own pre-releases
            return version.key() < (wanted.key() if wanted.is_prerelease else wanted.first_key())
        if public <= wanted.key():
            return False
        is_plain = wanted.post is None and wanted.dev is None  # nor what stands behind it as its own post-releases
        return not (is_plain and version.post is not None and version.key()[:3] == wanted.key()[:3])

    def equals(self, version):
        wanted = self.version
        if self.is_prefix:
            return has_prefix(version, wanted.epoch, wanted.release)
        return version.key(bool(wanted.local)) == wanted.key()


def has_prefix(version, epoch, prefix):
    release = version.release + (0,) * (len(prefix) - len(version.release))
    return version.epoch == epoch and release[:len(prefix)] == tuple(prefix)

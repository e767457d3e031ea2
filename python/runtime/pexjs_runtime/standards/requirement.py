"""Requirements and their markers (PEP 508), as the builder has written them into the activation plan."""

from pexjs_runtime.standards.version import InvalidVersion, Specifiers, Version

VERSIONS = ("implementation_version", "platform_release", "python_full_version", "python_version")
NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
COMPARISONS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")


class InvalidRequirement(ValueError):
    pass


def normalize(name):
    """PEP 503: runs of `-`, `_` and `.` are one `-`."""
    words = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join([words[0]] + [word for word in words[1:-1] if word] + words[1:][-1:])


class Requirement(object):
    """`name[extras] specifier ; marker` or `name[extras] @ url ; marker`."""

    def __init__(self, text):
        self.text = text
        rest = text.strip()
        end = 0
        while end < len(rest) and rest[end] in NAME:
            end += 1
        self.name, rest = rest[:end], rest[end:].lstrip()
        self.project = normalize(self.name)
        self.extras = frozenset()
        if rest.startswith("["):
            inside, _, rest = rest[1:].partition("]")
            self.extras = frozenset(normalize(extra.strip()) for extra in inside.split(",") if extra.strip())
            rest = rest.lstrip()
        if rest.startswith("@"):
            self.url, semicolon, marker = rest[1:].strip().partition(" ;")
            rest = ""
        else:
            self.url = None
            rest, semicolon, marker = rest.partition(";")
        self.marker = marker_of(marker) if semicolon else None
        if not self.name:
            raise InvalidRequirement("Invalid requirement: %r" % text)
        try:
            self.specifiers = Specifiers(rest)
        except InvalidVersion:
            raise InvalidRequirement("Invalid requirement: %r" % text)

    def applies(self, environment, extras):
        """Whether it is meant for this environment, with any of the extras that were asked for."""
        if self.marker is None:
            return True
        return any(self.marker.evaluate(environment, extra) for extra in extras or ("",))

    def __str__(self):
        return self.text.partition(";")[0].strip()


MARKERS = {}


def marker_of(text):
    """Parsed once: the optional requirements of a distribution share theirs."""
    if text not in MARKERS:
        MARKERS[text] = Marker(text)
    return MARKERS[text]


class Marker(object):
    """A condition such as `python_version < "3.8" and extra == "test"`."""

    def __init__(self, text):
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.tree = self.either()
        if self.position != len(self.tokens):
            raise InvalidRequirement("Invalid marker: %r" % text)

    def evaluate(self, environment, extra=""):
        return evaluate(self.tree, environment, extra)

    def peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def next(self):
        token = self.peek()
        if token is None:
            raise InvalidRequirement("Invalid marker: %r" % self.text)
        self.position += 1
        return token

    def either(self):
        branches = [self.all_of()]
        while self.peek() == "or":
            self.next()
            branches.append(self.all_of())
        return ("or", branches) if len(branches) > 1 else branches[0]

    def all_of(self):
        branches = [self.atom()]
        while self.peek() == "and":
            self.next()
            branches.append(self.atom())
        return ("and", branches) if len(branches) > 1 else branches[0]

    def atom(self):
        if self.peek() == "(":
            self.next()
            tree = self.either()
            if self.next() != ")":
                raise InvalidRequirement("Invalid marker: %r" % self.text)
            return ("or", [tree]) if tree[0] == "and" else tree  # keeps the parentheses, for who writes it again
        left, operator = self.next(), self.next()
        if operator == "not":
            self.next()
            operator = "not in"
        return ("compare", (left, operator, self.next()))


def tokenize(text):
    """Literals stay quoted with a leading `"`, whatever their quotes were."""
    tokens = []
    position = 0
    while position < len(text):
        char = text[position]
        if char.isspace():
            position += 1
        elif char in "\"'":
            end = text.find(char, position + 1)
            if end < 0:
                raise InvalidRequirement("Invalid marker: %r" % text)
            tokens.append('"' + text[position + 1:end])
            position = end + 1
        elif char in "()":
            tokens.append(char)
            position += 1
        else:
            test = NAME if char in NAME else "<>=!~"
            end = position
            while end < len(text) and text[end] in test:
                end += 1
            if end == position:
                raise InvalidRequirement("Invalid marker: %r" % text)
            tokens.append(text[position:end])
            position = end
    return tokens


def evaluate(tree, environment, extra):
    kind, rest = tree
    if kind == "or":
        return any(evaluate(branch, environment, extra) for branch in rest)
    if kind == "and":
        return all(evaluate(branch, environment, extra) for branch in rest)
    left, operator, right = rest
    variable = right if left.startswith('"') else left
    is_extra = variable == "extra"
    values = []
    for token in (left, right):
        if token.startswith('"'):
            values.append(normalize(token[1:]) if is_extra else token[1:])
        elif token == "extra":
            values.append(extra)
        else:
            values.append(environment.get(token.replace(".", "_"), ""))
    return compare(values[0], operator, values[1], variable)


def compare(left, operator, right, variable):
    """As versions where both are, else as text."""
    if variable in VERSIONS and operator in COMPARISONS:
        try:
            wanted = Specifiers(operator + right)
        except InvalidVersion:
            wanted = None
        if wanted is not None:
            return is_version(left) and wanted.contains(left)
    if operator == "in":
        return left in right
    if operator == "not in":
        return left not in right
    if operator in ("==", "<=", ">="):  # text has no order
        return left == right
    if operator == "!=":
        return left != right
    if operator in ("<", ">"):
        return False
    raise InvalidRequirement("Undefined comparison in a marker: %r %s %r" % (left, operator, right))


def is_version(text):
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True

"""Errors of Python itself: names, attributes, values, the text of the program, and the sandbox."""

from __future__ import annotations

from tutor.checks.error_row import ATTRIBUTE, INDEX, VALUE, Row

PYTHON: tuple[Row, ...] = (
    # names and attributes
    Row(
        "not-imported",
        ("NameError",),
        r"name '(torch|nn|F|np|numpy|math|random|optim|plt|pd|DataLoader|TensorDataset|Dataset)' is not defined",
        "`{g1}` is used here, and nothing has imported it.",
        "Write its import at the top of the program.",
    ),
    Row(
        "name",
        ("NameError", "UnboundLocalError"),
        r"(?:name|variable) '(\w+)'",
        "Nothing has the name `{g1}` when this line runs.",
        "Look at its spelling, and whether the line that makes it comes before.",
    ),
    Row(
        "attribute-of-none",
        ATTRIBUTE,
        r"'NoneType' object has no attribute '(\w+)'",
        "The value before `.{g1}` is None. A function without `return` gives None, and so do methods that change"
        " a thing in place.",
        "Print the value before this line, and look at where it was made.",
    ),
    Row(
        "attribute-of-number",
        ATTRIBUTE,
        r"'(int|float|bool)' object has no attribute '(\w+)'",
        "The value before `.{g2}` is a plain {g1}, not a tensor.",
        "Look for an `.item()` before it.",
    ),
    Row(
        "attribute-of-list",
        ATTRIBUTE,
        r"'(list|numpy\.ndarray)' object has no attribute '(\w+)'",
        "The value before `.{g2}` is a {g1}, not a tensor.",
        "Make a tensor of it: `torch.tensor(…)`.",
    ),
    Row(
        "module-attribute",
        ATTRIBUTE,
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{g1}` has nothing named `{g2}`.",
        "Look at the spelling, capital letters included.",
    ),
    Row(
        "read-only",
        ATTRIBUTE,
        r"attribute '(\w+)' of '[\w.]+' objects is not writable|property '(\w+)' of '\w+' object has no setter",
        "`{g1}{g2}` can be read and not be set.",
        "Keep the value under another name.",
    ),
    Row(
        "class-attribute",
        ATTRIBUTE,
        r"type object '(\w+)' has no attribute '(\w+)'",
        "`{g1}` is a class, and has nothing named `{g2}` itself. What `__init__` makes belongs to an object.",
        "Make an object first: `{g1}()`.",
    ),
    Row(
        "attribute",
        ATTRIBUTE,
        r"'([\w.]+)' object has no attribute '(\w+)'",
        "{a1} has nothing named `{g2}`.",
        "Look at the spelling, and at what the value before the dot is.",
    ),
    Row(
        "missing-module",
        ("ModuleNotFoundError",),
        r"No module named '([\w.]+)'",
        "There is no package `{g1}` here.",
        "Look at the spelling of the import.",
    ),
    Row(
        "import-name",
        ("ImportError",),
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "`{g2}` has nothing named `{g1}`.",
        "Look at the spelling, capital letters included.",
    ),
    # values
    Row(
        "empty-list-end", INDEX, r"pop from (?:an )?empty", "There is nothing left to take out.", "Ask first: `if x:`."
    ),
    Row(
        "not-in-list",
        VALUE,
        r"is not in list|x not in list",
        "The list does not hold this value.",
        "Ask first: `if value in x:`.",
    ),
    Row(
        "nothing-to-compare",
        VALUE,
        r"(max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)",
        "There is nothing of which to take the {g1}.",
        "Look at whether what should fill it ran at all.",
    ),
    Row(
        "different-lengths",
        VALUE,
        r"zip\(\) argument (\d+) is (longer|shorter) than arguments? ([\d-]+)",
        "Number {g1} of what is walked through together is {g2} than the others.",
        "Compare the lengths: `len(x)`.",
    ),
    Row("list-index", INDEX, r"(\w+) index out of range", "The {g1} has fewer elements.", "They are numbered from 0."),
    Row("key", ("KeyError",), r"(.+)", "There is no key {g1}.", "Print the keys: `print(d.keys())`."),
    Row(
        "unpack",
        VALUE,
        r"(too many|not enough) values to unpack \(expected (\d+)",
        "On the left stand {g2} names, and on the right {g1} values.",
        "Print the right side, and count.",
    ),
    Row(
        "number-from-text",
        VALUE,
        r"invalid literal for int\(\)|could not convert string to float",
        "This text is no number.",
        "Look for letters, spaces and commas in it.",
    ),
    Row("math-domain", VALUE, r"math domain error", "A root or logarithm of a negative number, or log(0).", ""),
    Row(
        "overflow", ("OverflowError",), r"", "The result is too large for a number.", "Look for exp of something large."
    ),
    Row("no-more", ("StopIteration",), r"", "There is nothing more to take.", "A loop stops by itself: `for x in …:`."),
    Row("assertion", ("AssertionError",), r"^", "What the `assert` of this line says is not so.", "Print both sides."),
    Row(
        "zero-division",
        ("ZeroDivisionError",),
        r"",
        "A number is divided by 0.",
        "Ask for this case first.",
    ),
    # the text of the program
    Row(
        "indentation",
        ("IndentationError", "TabError"),
        r"",
        "The lines of a block must start in the same column.",
        "Use four spaces for each level.",
    ),
    Row(
        "not-closed",
        ("SyntaxError",),
        r"'(.)' was never closed",
        "The bracket `{g1}` is opened and not closed.",
        "Count the brackets of this line.",
    ),
    Row(
        "colon",
        ("SyntaxError",),
        r"expected ':'",
        "A line that begins a block ends with a colon.",
        "Put `:` at its end.",
    ),
    Row(
        "assign-for-compare",
        ("SyntaxError",),
        r"Maybe you meant '==' or ':=' instead of '='",
        "`=` gives a name to a value; it can't stand here.",
        "`==` compares.",
    ),
    Row(
        "open-text",
        ("SyntaxError",),
        r"unterminated .*string literal",
        "The quotes of a text are opened and not closed.",
        "Close them on the same line.",
    ),
    Row(
        "return-outside",
        ("SyntaxError",),
        r"'return' outside function",
        "`return` belongs into a function.",
        "Look at its indentation.",
    ),
    Row(
        "syntax",
        ("SyntaxError",),
        r"",
        "Python can't read this line.",
        "Look for a missing bracket, comma, colon or quote, also in the line before.",
    ),
    Row(
        "not-written",
        ("NotImplementedError",),
        r"^$",
        "The program says itself that this part is not written yet.",
        "Write it in place of `raise NotImplementedError`.",
    ),
    # the sandbox
    Row(
        "input",
        ("EOFError",),
        r"",
        "There is no keyboard in the sandbox, so `input()` has nothing to read.",
        "Write the value into the program.",
    ),
    Row(
        "file",
        ("FileNotFoundError",),
        r"No such file or directory: '?(.*?)'?$",
        "There is no file {g1} here. Each run starts in an empty folder.",
        "Write the file in the same program before it is read.",
    ),
    Row(
        "folder-not-file",
        ("IsADirectoryError",),
        r"",
        "This is a folder, and a file is wanted.",
        "Add the name of the file.",
    ),
    Row(
        "permission",
        ("PermissionError",),
        r"",
        "The sandbox does not allow this: a program may write only in its own folder.",
        "Use a name without folders.",
    ),
    Row(
        "network",
        ("URLError", "gaierror", "ConnectionError", "ConnectionRefusedError"),
        r"",
        "The sandbox has no network.",
        "Use the data that torch-tutor and scikit-learn bring along.",
    ),
    Row(
        "recursion",
        ("RecursionError",),
        r"",
        "A function calls itself without an end.",
        "In a module, call the layers in `forward`, not the module itself.",
    ),
)

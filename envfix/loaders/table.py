"""Which programs load an env file for themselves, and what does each make of a line?

A row is a loader, a column a switch of the one grammar in `envfix.loaders.grammar`. The columns are those that decide
whether a program sees an address: all else of a loader (its escapes, its defaults) changes no host and no port.
"""

from typing import Literal

from envfix.named_tuples import NamedTuple

Behind = Literal["dropped", "kept", "joined", "lost", "refused"]
Unclosed = Literal["text", "lost", "rest", "refused"]
Comment = Literal["anywhere", "after a blank", "never"]
Stray = Literal["skipped", "joined", "refused", "refused unless bare"]


class Loader(NamedTuple):
    """How one loader reads an env file.

    `name` is its code, `title` what people call it, `version` what the row was checked with, `source` where its grammar
    is written down.

    | switch | meaning |
    | --- | --- |
    | `names` | the characters of a variable's name, a regular expression |
    | `colon` | `NAME: value` is a variable too |
    | `export` | `export NAME=value` is one |
    | `quotes` | the characters that quote a value |
    | `escaped` | a backslash keeps a quote from closing the value |
    | `multiline` | a quoted value may go over several lines |
    | `behind` | text behind a closing quote is dropped, the quotes are `kept` and all of it is the value, it is joined to the value, the statement is lost, or the file is refused |
    | `unclosed` | a quote that never closes is text, loses the statement, loses the rest of the file, or has the file refused |
    | `comment` | where an unquoted `#` begins a comment |
    | `blanks` | an unquoted value may hold blanks (else the file is refused) |
    | `spaced` | blanks may stand around `=` (else the file is refused) |
    | `next_line` | a value of blanks alone takes the line below it |
    | `stray` | a line that is no statement is skipped, joined to the name on the next line, or has the file refused (by some unless it is a bare name) |
    | `mark` | a byte-order mark is skipped, kept as a part of the first name (`joined`), or has the file refused |
    | `takes` | which binding wins of a name that is set twice |
    | `dollar` | which variables are replaced: none, `${NAME}` alone, or `$NAME` as well |
    | `single` | they are replaced in single quotes too |
    """  # noqa: E501

    name: str
    title: str
    version: str
    source: str
    names: str = r"[\w.-]+"
    colon: bool = True
    export: bool = True
    quotes: str = "'\""
    escaped: bool = True
    multiline: bool = True
    behind: Behind = "kept"
    unclosed: Unclosed = "text"
    comment: Comment = "anywhere"
    blanks: bool = True
    spaced: bool = True
    next_line: bool = False
    stray: Stray = "skipped"
    mark: Stray = "skipped"
    takes: Literal["last", "first"] = "last"
    dollar: Literal["none", "braces", "all"] = "all"
    single: bool = False


_DOTENV = Loader(
    "dotenv",
    "npm's dotenv",
    "16.6.1, 17.4.2, 18.0.10",
    "https://github.com/motdotla/dotenv/blob/master/lib/main.js",
    quotes="'\"`",
    dollar="none",
)
_NODE = Loader(
    "node",
    "Node's --env-file",
    "22.23.5, 24.22.3, 26.12.1",
    "https://github.com/nodejs/node/blob/main/src/node_dotenv.cc",
    names=r"[^\s=#][^=\n]*?",
    colon=False,
    quotes="'\"`",
    escaped=False,
    behind="dropped",
    next_line=True,
    mark="joined",
    dollar="none",
)

LOADERS: dict[str, Loader] = {
    loader.name: loader
    for loader in (
        _DOTENV,
        _DOTENV._replace(
            name="dotenv-expand",
            title="npm's dotenv-expand",
            version="11.0.7, 12.0.3",
            source="https://github.com/motdotla/dotenv-expand/blob/master/lib/main.js",
            dollar="all",
            single=True,
        ),
        _NODE,
        _NODE._replace(
            name="node 20", title="Node 20's --env-file", version="20.20.2", next_line=False, stray="joined"
        ),
        Loader(
            "bun",
            "Bun",
            "1.4.5",
            "https://bun.com/docs/runtime/environment-variables",
            quotes="'\"`",
            behind="dropped",
            single=True,
        ),
        Loader(
            "deno",
            "Deno",
            "2.9.6",
            "https://docs.deno.com/runtime/reference/env_variables/",
            colon=False,
            quotes="'\"`",
            behind="dropped",
            next_line=True,
            mark="joined",
            takes="first",
        ),
        Loader(
            "phpdotenv",
            "phpdotenv",
            "5.4.1, 5.6.4",
            "https://github.com/vlucas/phpdotenv/blob/master/src/Parser/EntryParser.php",
            names=r"[\w.]+",
            colon=False,
            export=False,
            behind="refused",
            unclosed="rest",
            blanks=False,
            stray="refused unless bare",
            dollar="braces",
        ),
        Loader(
            "symfony",
            "symfony/dotenv",
            "5.4.53, 7.0.4",
            "https://github.com/symfony/dotenv/blob/7.0/Dotenv.php",
            names=r"[A-Za-z_]\w*",
            colon=False,
            behind="joined",
            unclosed="refused",
            comment="after a blank",
            blanks=False,
            spaced=False,
            stray="refused",
            mark="refused",
        ),
        Loader(
            "ruby",
            "Ruby's dotenv",
            "3.2.0",
            "https://github.com/bkeepers/dotenv/blob/main/lib/dotenv/parser.rb",
            names=r"[\w.]+",
        ),
        Loader(
            "godotenv",
            "godotenv",
            "1.5.1",
            "https://github.com/joho/godotenv/blob/v1.5.1/parser.go",
            names=r"[\w.]+",
            behind="refused",
            unclosed="refused",
            comment="after a blank",
            stray="refused",
            mark="refused",
        ),
        Loader(
            "dotenvy",
            "dotenvy",
            "0.15.7",
            "https://github.com/allan2/dotenvy/blob/v0.15.7/dotenv/src/parse.rs",
            names=r"[A-Za-z_][\w.]*",
            colon=False,
            behind="joined",
            unclosed="refused",
            comment="after a blank",
            blanks=False,
            stray="refused",
            mark="refused",
            takes="first",
        ),
        Loader(
            "python-dotenv",
            "python-dotenv",
            "1.2.4",
            "https://github.com/theskumar/python-dotenv/blob/main/src/dotenv/parser.py",
            names=r"[^=#\s]+",
            colon=False,
            behind="lost",
            unclosed="lost",
            comment="after a blank",
            dollar="braces",
            single=True,
        ),
        Loader(
            "django-environ",
            "django-environ",
            "0.14.0",
            "https://github.com/joke2k/django-environ/blob/main/environ/environ.py",
            names=r"[A-Za-z_0-9]+",
            colon=False,
            multiline=False,
            comment="never",
            spaced=False,
            mark="joined",
            dollar="none",
        ),
        Loader(
            "python-decouple",
            "python-decouple",
            "3.8",
            "https://github.com/HBNetwork/python-decouple/blob/master/decouple.py",
            names=r"[^=#\s]+",
            colon=False,
            export=False,
            multiline=False,
            comment="never",
            mark="joined",
            dollar="none",
        ),
    )
}

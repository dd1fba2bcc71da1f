"""The book as `mdbook build` has made it, for the scripts that make other editions of it."""

import html
import re
import sys
from pathlib import Path

try:
    import tomllib
except ImportError:
    sys.exit(f"{Path(sys.argv[0]).name}: it reads TOML, which Python does from 3.11 on")

ROOT = Path(__file__).resolve().parent.parent
# Where `mdbook build` puts it, unless it was told otherwise.
USUAL_FOLDER = ROOT / "target/book"
# The page of all chapters, and what mdBook puts between two of them.
ALL_CHAPTERS = "print.html"
BETWEEN_CHAPTERS = '<div style="break-before: page; page-break-before: always;"></div>'


class Fault(Exception):
    """What the reader is told in one line."""


def make(edition, write, *options):
    """Has `write` write an edition of the book to a file beside its pages, and has the page of all
    chapters link to it. `write` is told of each of `options` whether it was given. Returns the exit
    code."""
    words = sys.argv[1:]
    folders = [word for word in words if word not in options]
    if len(folders) > 1 or any(word.startswith("-") for word in folders):
        usage = " ".join([f"scripts/{edition}", *(f"[{option}]" for option in options), "[FOLDER]"])
        print(f"usage: {usage}, after mdbook build", file=sys.stderr)
        return 2
    book = Book(Path(folders[0]) if folders else USUAL_FOLDER)
    file = book.folder / f"taking-turns.{edition}"
    try:
        write(file, book, *(option in words for option in options))
        book.link_to(file, edition.upper())
    except Fault as fault:
        print(f"{edition}: {fault}", file=sys.stderr)
        return 1
    print(f"{file}, {file.stat().st_size / 1e6:.1f} MB")
    return 0


class Book:
    def __init__(self, folder):
        self.folder = folder.resolve()
        # Title, description, authors and language.
        self.about = tomllib.loads((ROOT / "book.toml").read_text())["book"]

    def read(self, page):
        return self.read_bytes(page).decode()

    def read_bytes(self, file):
        try:
            return (self.folder / file).read_bytes()
        except OSError as error:
            raise Fault(f"cannot read `{self.folder / file}`: {error.strerror}; run mdbook build") from None

    def contents(self):
        """In the order of the book: (title, page) for a chapter, (title, None) for a part."""
        entries = re.findall(
            r'<li class="part-title">(.*?)</li>|<a href="([^"]+)"[^>]*>(.*?)</a>', self.read("toc.html")
        )
        return [(html.unescape(part or title), page or None) for part, page, title in entries]

    def link_to(self, file, words):
        link = f'<a class="edition" href="{file.name}">{words}</a>'
        page = self.read(ALL_CHAPTERS)
        if link not in page:
            page = page.replace("</header>", f"    {link}\n        </header>", 1)
            (self.folder / ALL_CHAPTERS).write_text(page)


def around_text(page):
    """What stands before the text of a page, the text, and what stands after it."""
    before, rest = re.split(r"(?=<main\b)", page, maxsplit=1)
    opening, rest = rest.split(">", 1)
    text, after = rest.rsplit("</main>", 1)
    return f"{before}{opening}>", text, f"</main>{after}"

"""The book as `mdbook build` has made it, for the scripts that make other editions of it."""

import html
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "target/book"
# The page of all chapters, and what mdBook puts between two of them.
ALL_CHAPTERS = "print.html"
BETWEEN_CHAPTERS = '<div style="break-before: page; page-break-before: always;"></div>'


class Fault(Exception):
    """What the reader is told in one line."""


def make(edition, write):
    """Has `write` write this edition to the file that it is given; returns an exit code. The page
    of all chapters then links to it."""
    if sys.argv[1:]:
        print(f"usage: scripts/{edition}, after mdbook build", file=sys.stderr)
        return 2
    file = FOLDER / f"taking-turns.{edition}"
    try:
        read("toc.html")
        write(file)
        link_to(file, edition.upper())
    except Fault as fault:
        print(f"{edition}: {fault}", file=sys.stderr)
        return 1
    print(f"{file.relative_to(ROOT)}, {file.stat().st_size / 1e6:.1f} MB")
    return 0


def about():
    """Title, description, authors and language."""
    return tomllib.loads((ROOT / "book.toml").read_text())["book"]


def read(page):
    try:
        return (FOLDER / page).read_text()
    except OSError as error:
        raise Fault(f"cannot read `target/book/{page}`: {error.strerror}; run mdbook build") from None


def contents():
    """In the order of the book: (title, page) for a chapter, (title, None) for a part."""
    entries = re.findall(
        r'<li class="part-title">(.*?)</li>|<a href="([^"]+)"[^>]*>(.*?)</a>', read("toc.html")
    )
    return [(html.unescape(part or title), page or None) for part, page, title in entries]


def around_text(page):
    """What stands before the text of a page, the text, and what stands after it."""
    before, rest = re.split(r"(?=<main\b)", page, maxsplit=1)
    opening, rest = rest.split(">", 1)
    text, after = rest.rsplit("</main>", 1)
    return f"{before}{opening}>", text, f"</main>{after}"


def link_to(file, words):
    link = f'<a class="edition" href="{file.name}">{words}</a>'
    page = read(ALL_CHAPTERS)
    if link not in page:
        (FOLDER / ALL_CHAPTERS).write_text(page.replace("</header>", f"    {link}\n        </header>", 1))

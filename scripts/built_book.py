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
# What a screen folds away, behind these words.
FOLDED = ["The answer", "A solution"]
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


def for_paper(chapter):
    """The chapter without what only a screen has use for: lines of code that it hides, a twin's code
    that stands there once more. What it folds away stands at the end, so that nobody reads an answer
    with the question."""
    for left_out in [
        r'<figure[^>]* data-repeated.*?</figure>\n?',
        r'<span class="boring">.*?</span>',
        r'<(p|span) class="screen">.*?</\1>',
    ]:
        chapter = re.sub(left_out, "", chapter, flags=re.S)
    answers = []

    def set_aside(found):
        before, of, words, answer = found.groups()
        title = re.search(r"<p\b[^>]*>(.*?)</p>", before, re.S)[1]
        answers.append(
            f'<section class="set-aside" id="{of}-answer">'
            f'<p class="question"><a class="to-answer" href="#{of}">{title}</a></p>{answer}</section>'
        )
        return f'{before}<p class="quiet"><a class="to-answer" href="#{of}-answer">{words}</a></p>'

    folded = "|".join(FOLDED)
    section = rf'(<section class="(?:predict|exercise)" id="([^"]+)"(?:(?!</section>).)*?)'
    chapter = re.sub(
        rf"{section}<details>\s*<summary>({folded})</summary>(.*?)</details>", set_aside, chapter, flags=re.S
    )
    return f'{chapter}<section class="answers-last"><h2>Answers</h2>{"".join(answers)}</section>' if answers else chapter


def around_text(page):
    """What stands before the text of a page, the text, and what stands after it."""
    before, rest = re.split(r"(?=<main\b)", page, maxsplit=1)
    opening, rest = rest.split(">", 1)
    text, after = rest.rsplit("</main>", 1)
    return f"{before}{opening}>", text, f"</main>{after}"

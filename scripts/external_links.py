"""The links that lead out of the house, and the day on which each was last seen."""

import concurrent.futures
import datetime
import pathlib
import re
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
LIST = ROOT / "book/external_links.toml"
NOT_YET = "not yet"


def read():
    """The listed links and the day on which each was last seen."""
    text = LIST.read_text(encoding="utf-8") if LIST.exists() else ""
    return dict(re.findall(r'^"([^"]+)" = "?([^"\n]+)"?$', text, re.M))


def check(outside, listed):
    where = LIST.relative_to(ROOT)
    for link, page in sorted(outside.items()):
        if link not in listed:
            yield f'{page}: {where} does not list it; add: "{link}" = "{NOT_YET}"'
    for link in sorted(set(listed) - set(outside)):
        yield f'{where}: no page links to it any more; take out: "{link}"'


def ask_all(listed, timeout, ids):
    """Asks every link, prints those that are dead or have moved, and dates the others. `ids` are
    those of the elements of a page."""
    links, dead = sorted(listed), []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda link: ask(link, timeout, ids), links)
        for link, (cause, moved) in zip(links, answers):
            if cause:
                dead.append(link)
                print(f"{link}: {cause}; last seen: {listed[link]}")
            else:
                listed[link] = datetime.date.today().isoformat()
                if moved:
                    print(f"{link}: moved for good to {moved}")
    write(listed)
    return dead


def ask(link, timeout, ids):
    """Why `link` does not answer, if it does not, and where it has moved for good, if it has."""
    address, _, fragment = link.partition("#")
    moves = Moves()
    request = urllib.request.Request(address, headers={"User-Agent": "taking-turns-links/1"})
    try:
        with urllib.request.build_opener(moves).open(request, timeout=timeout) as answer:
            body = answer.read().decode("utf-8", "replace")
            is_page = "html" in answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.reason}", None
    except urllib.error.URLError as error:
        return cause_of(error.reason), None
    except (OSError, ValueError, EOFError) as error:
        return cause_of(error), None
    if fragment and is_page and urllib.parse.unquote(fragment) not in ids(body):
        return f"the page answers, and has no element with the id `{fragment}`", moves.to
    return None, moves.to


def cause_of(error):
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")


class Moves(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and remembers the last that is for good."""

    def __init__(self):
        self.to = None

    def redirect_request(self, request, answer, code, message, headers, to):
        if code in (301, 308):
            self.to = to
        return super().redirect_request(request, answer, code, message, headers, to)

    # Python learnt this one in 3.11.
    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_301


def write(listed):
    text = LIST.read_text(encoding="utf-8")
    head = text[: text.index('\n"') + 1] if '\n"' in text else text
    day = lambda seen: seen if seen[0].isdigit() else f'"{seen}"'
    lines = (f'"{link}" = {day(seen)}\n' for link, seen in sorted(listed.items()))
    LIST.write_text(head + "".join(lines), encoding="utf-8")

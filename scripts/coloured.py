"""Code in the colours of its language, for those who read without scripts. Needs Pygments."""

import html

from built_book import Fault

try:
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Keyword, Name, Number, Operator, String
    from pygments.util import ClassNotFound
except ImportError:
    get_lexer_by_name = None
else:
    # The first that a word is one of; the others stay as they are. Classes of theme/epub.css.
    CLASSES = [
        (Comment.Preproc, "meta"),
        (Name.Decorator, "meta"),
        (Comment, "comment"),
        (String.Doc, "comment"),
        # Of Rust's only the & of a reference is such a word.
        (Keyword.Pseudo, None),
        (Operator.Word, "keyword"),
        (Keyword.Type, "type"),
        (Keyword, "keyword"),
        (Name.Builtin.Pseudo, "keyword"),
        (Name.Builtin, "type"),
        (Name.Class, "type"),
        (Name.Exception, "type"),
        (Name.Function, "name"),
        (String, "string"),
        (Number, "number"),
    ]


def coloured(code, language):
    """`code` as HTML."""
    return "".join(span(word, kind) for word, kind in words_of(code, language))


def words_of(text, language):
    if get_lexer_by_name is None:
        raise Fault("there is no Pygments; on Debian: apt-get install python3-pygments")
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        raise Fault(f"Pygments has no language `{language}`") from None
    for token, word in lexer.get_tokens(text):
        yield word, next((name for kind, name in CLASSES if token in kind), None)


def span(text, kind):
    text = html.escape(text, quote=False)
    return f'<span class="code-{kind}">{text}</span>' if kind else text

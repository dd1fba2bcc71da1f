//! The lab as a reader meets it: the program, its output, its sockets.
//!
//! Nothing here waits for a time to pass: a test goes on when the lab has said something, on its
//! standard output or error, or on the socket that tells pages to reload.

mod support;

use std::fs;
use std::net::TcpListener;

use support::{Book, Lab, Socket};

/// Another text of the first chapter, with the same includes.
const FIRST: &str = "# First\n\nThe changed sentence.\n\n\
    {{#include ../examples/race/main.rs}}\n\
    {{#include ../examples/race/twin.py}}\n\
    {{#include ../examples/race/recorded.json}}\n";

#[test]
fn the_first_line_is_the_address_and_the_book_is_there() {
    let book = Book::new();
    let lab = Lab::start(&book);
    assert_eq!(lab.first_line, format!("http://127.0.0.1:{}", lab.port));
    let page = lab.get("/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains("The first sentence."), "{}", page.text());
    assert_eq!(lab.get("/other.html").status, 200);
}

#[test]
fn what_is_text_is_sent_compressed() {
    let book = Book::new();
    let lab = Lab::start(&book);
    let plain = lab.get("/index.html");
    let packed = lab.request("GET /index.html", "Accept-Encoding: gzip\r\n");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < plain.body.len() / 2, "{} bytes", packed.body.len());
}

#[test]
fn an_unknown_address_is_not_found_and_says_so_in_a_page_of_the_book() {
    let book = Book::new();
    let lab = Lab::start(&book);
    let page = lab.get("/races/no_such_chapter.html");
    assert_eq!(page.status, 404);
    assert!(page.text().contains("Document not found"), "{}", page.text());
}

#[test]
fn nothing_outside_the_site_is_served() {
    let book = Book::new();
    let lab = Lab::start(&book);
    for path in [
        "/../book.toml",
        "/../../../../etc/passwd",
        "/%2e%2e/book.toml",
        "/..%2fbook.toml",
        "/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/..%5cbook.toml",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/index.html%00.css",
        "/css/../index.html",
        "/book.toml",
        "/book/SUMMARY.md",
    ] {
        assert_eq!(lab.get(path).status, 404, "{path}");
    }
    assert_eq!(lab.request("POST /", "Content-Length: 0\r\n").status, 405);
}

#[cfg(target_os = "linux")]
#[test]
fn only_this_machine_is_listened_to() {
    let book = Book::new();
    let lab = Lab::start(&book);
    // Linux refuses this address if the port is taken on all of them.
    TcpListener::bind(("127.0.0.2", lab.port)).unwrap();
}

#[test]
fn a_page_reloads_when_what_it_is_made_of_changes() {
    let book = Book::new();
    let mut lab = Lab::start(&book);
    let changes = [
        ("book/first.md", FIRST, "/", "The changed sentence."),
        ("examples/race/main.rs", "fn main() { changed() }", "/", "changed()"),
        ("examples/race/twin.py", "changed = 2", "/", "changed = 2"),
        ("examples/race/recorded.json", "[\"changed\"]", "/", "changed"),
        ("theme/head.hbs", "<meta name=\"changed\">", "/", "<meta name=\"changed\">"),
        ("web/panel.css", "p { color: teal }", "/web/panel.css", "teal"),
    ];
    for (file, text, address, expected) in changes {
        let mut socket = Socket::open(&lab);
        book.write(file, text);
        assert_eq!(socket.message(), "reload", "{file}");
        let line = lab.says();
        assert!(line.ends_with(&format!(" s: {file} changed")), "{file}: {line}");
        let page = lab.get(address);
        assert!(page.text().contains(expected), "{file}: {}", page.text());
    }
}

#[test]
fn a_page_of_an_older_build_reloads_at_once() {
    let book = Book::new();
    let lab = Lab::start(&book);
    let mut socket = Socket::open(&lab);
    book.write("book/first.md", FIRST);
    assert_eq!(socket.message(), "reload");
    // The page that this socket speaks for was loaded before the change.
    let mut late = Socket::of_build(&lab, 1);
    assert_eq!(late.message(), "reload");
}

#[test]
fn the_last_good_book_stays_while_there_is_a_mistake() {
    let book = Book::new();
    let mut lab = Lab::start(&book);
    let mut socket = Socket::open(&lab);
    let summary = book.read("book/SUMMARY.md");
    book.write("book/SUMMARY.md", "- [First](first.md)\n- [Lost](lost.md)\n");
    let message = lab.says();
    assert!(message.starts_with("cannot build the book: "), "{message}");
    assert!(message.contains("lost.md"), "{message}");
    let page = lab.get("/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("The first sentence."), "{}", page.text());

    book.write("book/SUMMARY.md", &summary);
    assert_eq!(socket.message(), "reload");
}

#[test]
fn a_book_that_begins_with_a_mistake_is_served_once_it_is_mended() {
    let book = Book::new();
    let good = book.read("book.toml");
    for bad in ["[book]\nno-such-key = 1\n", "no TOML", "[output.html]\ntheme = \"lost\"\n"] {
        book.write("book.toml", bad);
        let mut lab = Lab::start(&book);
        assert!(lab.says().starts_with("cannot build the book:"), "{bad}");
        let page = lab.get("/index.html");
        assert_eq!(page.status, 500, "{bad}");
        assert!(page.text().contains("The book cannot be built"), "{bad}: {}", page.text());

        let mut socket = Socket::open(&lab);
        book.write("book.toml", &good);
        assert_eq!(socket.message(), "reload", "{bad}");
        assert!(lab.get("/").text().contains("The first sentence."), "{bad}");
    }
}

#[test]
fn a_taken_port_is_told_with_one_that_is_free() {
    let book = Book::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = Lab::to_its_end(&book, &["--port", &port.to_string()]);
    assert_eq!(output.code, 1);
    assert_eq!(output.stdout, "");
    let begin = format!("lab: cannot listen on 127.0.0.1:{port}: address in use; port ");
    let rest = output.stderr.strip_prefix(&begin).unwrap_or_else(|| panic!("{}", output.stderr));
    let (free, rest) = rest.split_once(' ').unwrap();
    assert_eq!(rest, format!("is free: cargo run -- --port {free}\n"));
    assert!(free.parse::<u16>().unwrap() > port);
}

#[test]
fn mistakes_are_one_line() {
    let book = Book::new();
    for arguments in [&["--prot", "1"][..], &["--port", "70000"], &["--port"], &["book"]] {
        let output = Lab::to_its_end(&book, arguments);
        assert_eq!(output.code, 2, "{arguments:?}");
        assert_eq!(output.stdout, "", "{arguments:?}");
        assert!(output.stderr.starts_with("lab: "), "{arguments:?}: {}", output.stderr);
        assert_eq!(output.stderr.lines().count(), 1, "{arguments:?}: {}", output.stderr);
    }
    let help = Lab::to_its_end(&book, &["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));

    fs::remove_file(book.path().join("book.toml")).unwrap();
    let output = Lab::to_its_end(&book, &[]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.starts_with("lab: cannot find book.toml in `"), "{}", output.stderr);
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_quietly_and_leaves_nothing() {
    let book = Book::new();
    let lab = Lab::start(&book);
    // A page that stays open does not hold it up.
    let _socket = Socket::open(&lab);
    let output = lab.interrupt();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    assert_eq!(fs::read_dir(book.path().join("target/lab")).unwrap().count(), 0);
}

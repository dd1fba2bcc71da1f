//! The checks of links and of facts, on a small house of their own and a server of their own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};

use house_tests::root;
use tempfile::TempDir;

/// A repository with the scripts, a built book of two pages, and `links` in its list.
struct House(TempDir);

impl House {
    fn new(links: &str) -> House {
        let house = House(TempDir::new().unwrap());
        for script in ["links", "external_links.py", "stale_facts"] {
            house.write(&format!("scripts/{script}"), "");
            let to = house.path().join("scripts").join(script);
            fs::copy(root().join("scripts").join(script), to).unwrap();
        }
        house.write("examples/counter/main.rs", "");
        house.write("examples/counter/recorded.json", r#"{"parameters": [{"name": "threads"}]}"#);
        house.write("examples/counter/schedules.json", r#"{"scenarios": [{"name": "two"}]}"#);
        house.write("exercises/seat/starter.rs", "");
        house.write("book/external_links.toml", &format!("# Links.\n\n{links}"));
        house.write("target/book/css/book.css", "body { background: url(\"../paper.png\") }");
        house.write("target/book/paper.png", "");
        house.write("target/book/races/race.html", "<h1 id=\"race\">A race</h1>");
        house
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn run(&self, script: &str, options: &[&str]) -> Output {
        let script = self.path().join("scripts").join(script);
        Command::new(script).args(options).env("NO_PROXY", "*").output().unwrap()
    }

    /// Runs a check, and returns its exit code and what it wrote.
    fn check(&self, script: &str, options: &[&str]) -> (i32, String) {
        let output = self.run(script, options);
        let said = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code().expect("an exit code"),
            said + &String::from_utf8_lossy(&output.stderr),
        )
    }
}

#[test]
fn a_house_in_order_has_no_fault() {
    let house = House::new("\"https://example.org/#top\" = \"not yet\"\n");
    house.write(
        "target/book/index.html",
        "<link rel=\"stylesheet\" href=\"css/book.css\"><script>const later = \"paper.png\"</script>\
         <p id=\"here\"><a href=\"#here\">here</a> <a href=\"races/race.html#race\">there</a> \
         <a href=\"https://example.org/#top\">out</a> <a href=\"data:,x\">data</a>\
         <pre><code>$ cargo run --release --example counter -- --threads 4 --quick</code></pre>\
         <code>cargo explore counter two</code> <code>examples/NAME/main.rs</code>\
         <code>examples/counter/main.rs</code> <code>exercises/seat/answer.rs</code>",
    );
    house.write(
        "README.md",
        "# Counter\n\n[here](#counter) [file](scripts/links) `cargo exercise`\n",
    );
    let (code, said) = house.check("links", &[]);
    assert_eq!(said, "links: 2 pages, 1 links that lead out of the house, all good\n");
    assert_eq!(code, 0);
}

#[test]
fn every_fault_is_told_with_its_page_the_link_and_the_cause() {
    let house = House::new("\"https://example.org/old\" = 2026-11-20\n");
    house.write(
        "book/start.md",
        "# Start\n\n[there](races/rice.md)\n`cargo explore counter three`\n",
    );
    house.write(
        "target/book/start.html",
        "<i id=\"a\"></i><i id=\"a\"></i><script>const later = \"none.js\"</script>\
         <style>a { background: url(none.png) }</style>\
         <a href=\"races/rice.html\">no page</a> <a href=\"races/race.html#rice\">no id</a>\
         <img src=\"rice.png\"> <a href=\"../../README.md\">out</a> <a href=\"/start.html\">root</a>\
         <a href=\"https://example.org/new\">new</a> <code>cargo explore counter three</code>\
         <code>cargo run --example count</code> <code>cargo run --example counter -- --thread 4</code>\
         <code>cargo exercise sofa</code> <code>scripts/none</code> <code>examples/counter/x.rs</code>",
    );
    house.write("target/book/css/book.css", "body { background: url(none.png) }");
    house.write("README.md", "# A\n\n[file](none.md)\n[title](#b) `scripts/gone`\n");
    house.write("exercises/seat/task.md", "# Seat\n\nSee <https://example.org/task>.\n");
    let (code, said) = house.check("links", &[]);
    let expected = [
        "start.html: the id `a` is there twice",
        "book/start.md:3: `races/rice.html`: there is no such file",
        "book/start.md: `races/race.html#rice`: races/race.html has no element with that id",
        "book/start.md: `rice.png`: there is no such file",
        "book/start.md: `../../README.md`: leads out of the book",
        "book/start.md: `/start.html`: no relative link, so it leads nowhere under a sub-path",
        "start.html: its script or style names `none.js`: there is no such file",
        "start.html: its script or style names `none.png`: there is no such file",
        "book/start.md:4: `cargo explore counter three`: counter has no such scenario",
        "book/start.md: `cargo run --example count`: there is no `count` in examples/",
        "book/start.md: `cargo run --example counter -- --thread`: counter has no such option",
        "book/start.md: `cargo exercise sofa`: there is no `sofa` in exercises/",
        "book/start.md: `scripts/none`: there is no such file in the repository",
        "book/start.md: `examples/counter/x.rs`: there is no such file in the repository",
        "css/book.css: `none.png`: there is no such file",
        "README.md:3: `none.md`: there is no such file",
        "README.md:4: `#b`: it has no such heading",
        "README.md:4: `scripts/gone`: there is no such file in the repository",
        "book/start.md: book/external_links.toml does not list it; add: \
         \"https://example.org/new\" = \"not yet\"",
        "exercises/seat/task.md:3: book/external_links.toml does not list it; add: \
         \"https://example.org/task\" = \"not yet\"",
        "book/external_links.toml: no page links to it any more; take out: \
         \"https://example.org/old\"",
        "links: 21 faults in 2 pages, 2 links that lead out of the house",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    assert_eq!(code, 1);
}

#[test]
fn links_that_answer_are_dated_and_dead_ones_are_told() {
    let server = serve();
    let at = |path: &str| format!("http://localhost:{server}/{path}");
    let secure = format!("https://localhost:{server}/page");
    let links =
        [at("gone"), at("moved"), at("page"), at("page#low"), at("page#top"), at("seen"), secure];
    let list: String = links.iter().map(|link| format!("\"{link}\" = \"not yet\"\n")).collect();
    let house = House::new(&list);
    let pages: String = links.iter().map(|link| format!("<a href=\"{link}\">link</a>")).collect();
    house.write("target/book/index.html", &pages);

    let (code, said) = house.check("links", &["--online"]);
    let [gone, moved, page, low, top, seen, secure] = &links;
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert_eq!(lines[0], format!("{gone}: 404 Not Found; last seen: not yet"));
    assert_eq!(lines[1], format!("{moved}: moved for good to {page}"));
    let cause = "the page answers, and has no element with the id `low`";
    assert_eq!(lines[2], format!("{low}: {cause}; last seen: not yet"));
    assert!(lines[3].starts_with(&format!("{secure}: SSLError: ")), "{said}");
    assert_eq!(lines[4], "links: 3 faults in 2 pages, 7 links that lead out of the house");
    assert_eq!(code, 1);

    let list = house.read("book/external_links.toml");
    assert!(list.starts_with("# Links.\n\n\"http"), "{list}");
    for alive in [moved, page, top, seen] {
        assert!(list.contains(&format!("\"{alive}\" = 20")), "{alive}: {list}");
    }
    for dead in [gone, low, secure] {
        assert!(list.contains(&format!("\"{dead}\" = \"not yet\"\n")), "{dead}: {list}");
    }
}

#[test]
fn a_link_that_never_answers_is_given_up() {
    // Connected by the kernel, and never taken.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let link = format!("http://{}/", silent.local_addr().unwrap());
    let house = House::new(&format!("\"{link}\" = 2026-11-20\n"));
    house.write("target/book/index.html", &format!("<a href=\"{link}\">link</a>"));
    let (code, said) = house.check("links", &["--online", "--timeout", "0.1"]);
    assert_eq!(
        said.lines().next(),
        Some(&*format!("{link}: TimeoutError: timed out; last seen: 2026-11-20"))
    );
    assert_eq!(code, 1);
    assert_eq!(
        house.read("book/external_links.toml"),
        format!("# Links.\n\n\"{link}\" = 2026-11-20\n")
    );
}

#[test]
fn facts_that_nobody_looked_up_for_half_a_year_are_listed() {
    let house = House::new("");
    let fact = |name: &str, value: &str, day: &str| {
        format!("[python.{name}]\n{value}says = \"It\"\nsource = \"there\"\nchecked = {day}\n\n")
    };
    let fresh = fact("new", "value = \"2\"\n", "2999-01-01") + &fact("settled", "", "2001-01-01");
    house.write("book/facts.toml", &fresh);
    let all_fresh = "stale_facts: 0 of 1 facts are older than half a year\n";
    assert_eq!(house.check("stale_facts", &[]), (0, all_fresh.to_owned()));
    house.write("book/facts.toml", &(fact("old", "value = \"1\"\n", "2001-01-01") + &fresh));
    let stale = "python.old = 1 (It), looked up 2001-01-01: there\n\
                 stale_facts: 1 of 2 facts are older than half a year\n";
    assert_eq!(house.check("stale_facts", &[]), (1, stale.to_owned()));
}

#[test]
fn a_wrong_command_line_and_a_missing_book_are_told_in_one_line() {
    let house = House::new("");
    for (script, options) in [
        ("links", &["--onlin"][..]),
        ("links", &["--timeout", "soon"]),
        ("links", &["--timeout", "0"]),
        ("stale_facts", &["--old"]),
    ] {
        let (code, said) = house.check(script, options);
        assert_eq!((code, said.lines().count()), (2, 1), "{said}");
        assert!(said.starts_with(&format!("{script}: ")), "{said}");
    }
    fs::remove_dir_all(house.path().join("target")).unwrap();
    let (code, said) = house.check("links", &[]);
    assert_eq!(said, "links: there is no book in target/book; run mdbook build\n");
    assert_eq!(code, 1);
}

/// No directive reaches these files.
#[test]
fn versions_outside_the_book_are_those_of_cargo() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let after = |file: &str, start: &str| {
        let text = read(file);
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("`{start}` in {file}"));
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        rest[..end].trim_end_matches('.').to_owned()
    };
    let mdbook = after("Cargo.lock", "name = \"mdbook-preprocessor\"\nversion = \"");
    assert_eq!(after("README.md", "mdbook@"), mdbook);
    assert_eq!(after("scripts/test", "MDBOOK="), mdbook);
    let rust = after("Cargo.toml", "rust-version = \"");
    assert_eq!(after("README.md", "[Rust](https://www.rust-lang.org/tools/install) "), rust);
    assert_eq!(after(".github/workflows/test.yml", "rust: [\""), rust);
}

/// A server that answers for ever, and its port.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            // A client that speaks TLS is told nothing that it understands.
            let _ = answer(client.unwrap());
        }
    });
    port
}

fn answer(mut client: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).split(b'\n');
    let first = lines.next().transpose()?.unwrap_or_default();
    let first = String::from_utf8_lossy(&first);
    let path = first.split(' ').nth(1).unwrap_or_default();
    let body = "<p id=\"top\">here</p>";
    let (status, more) = match path {
        "/gone" => ("404 Not Found", ""),
        "/moved" => ("301 Moved Permanently", "Location: /page\r\n"),
        "/seen" => ("302 Found", "Location: /page\r\n"),
        _ => ("200 OK", "Content-Type: text/html\r\n"),
    };
    let length = body.len();
    write!(client, "HTTP/1.0 {status}\r\n{more}Content-Length: {length}\r\n\r\n{body}")
}

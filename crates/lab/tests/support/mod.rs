//! A small book in a folder of its own, the lab that serves it, and a page that is open.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

/// A book of two chapters, the first of which includes an example.
pub struct Book(tempfile::TempDir);

impl Book {
    pub fn new() -> Book {
        let book = Book(tempfile::tempdir().unwrap());
        book.write(
            "book.toml",
            r#"
            [book]
            src = "book"
            [build]
            create-missing = false
            extra-watch-dirs = ["examples"]
            [output.html]
            additional-css = ["web/panel.css"]
            hash-files = false
            "#,
        );
        book.write("book/SUMMARY.md", "- [First](first.md)\n- [Other](other.md)\n");
        book.write(
            "book/first.md",
            "# First\n\nThe first sentence.\n\n\
             {{#include ../examples/race/main.rs}}\n\
             {{#include ../examples/race/twin.py}}\n\
             {{#include ../examples/race/recorded.json}}\n",
        );
        book.write("book/other.md", "# Other\n");
        book.write("theme/head.hbs", "");
        book.write("web/panel.css", "");
        book.write("examples/race/main.rs", "");
        book.write("examples/race/twin.py", "");
        book.write("examples/race/recorded.json", "");
        book
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    /// Puts the whole file in its place at once, as editors do: nobody sees half of it.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        let half = path.with_file_name(".half");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&half, text).unwrap();
        fs::rename(half, path).unwrap();
    }
}

/// A lab on a free port; it ends with this value.
pub struct Lab {
    pub first_line: String,
    pub port: u16,
    process: Child,
    stdout: BufReader<ChildStdout>,
    stderr: Box<dyn BufRead>,
}

/// What a lab that has ended left behind.
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// An answer to a request.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Lab {
    /// Returns when the lab has said where it is.
    pub fn start(book: &Book) -> Lab {
        let mut process = command(book, &["--port", "0"]).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let first_line = line.trim_end().to_owned();
        let Some(port) = first_line.rsplit(':').next().and_then(|port| port.parse().ok()) else {
            let _ = stderr.read_to_string(&mut line);
            panic!("the lab did not start: {line}");
        };
        Lab { first_line, port, process, stdout, stderr: Box::new(stderr) }
    }

    /// Runs a lab that is to end by itself.
    pub fn run(book: &Book, arguments: &[&str]) -> Output {
        let output = command(book, arguments).output().unwrap();
        Output {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The next line on standard error.
    pub fn says(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(&format!("GET {path}"), "")
    }

    /// Sends the request as it is given, with nothing normalised.
    pub fn request(&self, line: &str, headers: &str) -> Answer {
        let host = format!("127.0.0.1:{}", self.port);
        let mut stream = TcpStream::connect(&host).unwrap();
        write!(stream, "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n")
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer::parse(&answer)
    }

    /// Presses Ctrl-C and waits for the end.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Output {
        use nix::sys::signal::{Signal, kill};
        use nix::unistd::Pid;
        kill(Pid::from_raw(self.process.id() as i32), Signal::SIGINT).unwrap();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        Output { code: self.process.wait().unwrap().code().unwrap(), stdout, stderr }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(book: &Book, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command
        .current_dir(book.path())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Answer {
    fn parse(answer: &[u8]) -> Answer {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an HTTP head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: answer[end + 4..].to_vec() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// The socket of an open page.
pub struct Socket(WebSocket<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens the front page and does as its script does.
    pub fn open(lab: &Lab) -> Socket {
        let page = lab.get("/");
        let (_, build) = page.text().split_once("__livereload?build=").expect("a reload script");
        let digits = build.split(|character: char| !character.is_ascii_digit()).next().unwrap();
        Socket::of_build(lab, digits.parse().unwrap())
    }

    pub fn of_build(lab: &Lab, build: u64) -> Socket {
        let address = format!("ws://127.0.0.1:{}/__livereload?build={build}", lab.port);
        Socket(tungstenite::connect(address).unwrap().0)
    }

    /// Waits for the next message.
    pub fn message(&mut self) -> String {
        match self.0.read().unwrap() {
            Message::Text(text) => text.to_string(),
            other => panic!("not a text: {other:?}"),
        }
    }
}

//! A small book in a folder of its own, the lab that serves it, and a page that is open.

// Each test program uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tungstenite::client::IntoClientRequest;
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

    /// A book with experiments of those in `tests/experiments/`.
    pub fn with(experiments: &[&str]) -> Book {
        let book = Book::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/experiments");
        let copy = |file: &str| {
            book.write(&format!("examples/{file}"), &fs::read_to_string(folder.join(file)).unwrap())
        };
        copy("fixture.rs");
        let mut manifest = "[package]\nname = \"book\"\nedition = \"2024\"\nautoexamples = false\n\
            [workspace]\n"
            .to_owned();
        for name in experiments {
            copy(&format!("{name}/main.rs"));
            manifest +=
                &format!("[[example]]\nname = \"{name}\"\npath = \"examples/{name}/main.rs\"\n");
        }
        book.write("Cargo.toml", &manifest);
        book.write("src/lib.rs", "");
        // As in any clone: a file that Cargo adds would be a change.
        let lock = "version = 4\n\n[[package]]\nname = \"book\"\nversion = \"0.0.0\"\n";
        book.write("Cargo.lock", lock);
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
    /// What its pages hold.
    pub token: String,
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
        Lab::start_with(book, &[])
    }

    pub fn start_with(book: &Book, arguments: &[&str]) -> Lab {
        let arguments = [&["--port", "0"], arguments].concat();
        let mut process = command(book, &arguments).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let first_line = line.trim_end().to_owned();
        let Some(port) = first_line.rsplit(':').next().and_then(|port| port.parse().ok()) else {
            let _ = stderr.read_to_string(&mut line);
            panic!("the lab did not start: {line}");
        };
        let mut lab = Lab {
            first_line,
            port,
            token: String::new(),
            process,
            stdout,
            stderr: Box::new(stderr),
        };
        let page = lab.get("/");
        // A book that cannot be built has no page to hold it.
        if let Some((_, rest)) = page.text().split_once("name=\"lab-token\" content=\"") {
            lab.token = rest.split('"').next().unwrap().to_owned();
        }
        lab
    }

    /// Runs a lab that is to end by itself.
    pub fn to_its_end(book: &Book, arguments: &[&str]) -> Output {
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

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(&format!("GET {path}"), "")
    }

    /// Sends the request as it is given, with nothing normalised.
    pub fn request(&self, line: &str, headers: &str) -> Answer {
        let host = format!("127.0.0.1:{}", self.port);
        self.send(format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Sends these very bytes, or as many as are taken.
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // The lab may answer, and hang up, before it has heard all.
        let _ = stream.write_all(bytes.as_ref());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&answer)
    }

    /// Asks as a page of the lab does.
    pub fn ask(&self, path: &str) -> Value {
        let answer =
            self.request(&format!("GET {path}"), &format!("X-Lab-Token: {}\r\n", self.token));
        serde_json::from_str(answer.text()).unwrap()
    }

    /// Posts JSON as a page of the lab does.
    pub fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let answer = self.request(
            &format!("POST {path}"),
            &format!(
                "X-Lab-Token: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                self.token,
                body.len(),
            ),
        );
        (answer.status, serde_json::from_str(answer.text()).unwrap())
    }

    /// Asks for a run and watches it.
    pub fn run(&self, body: Value) -> Watch {
        let (status, answer) = self.post("/lab/runs", &body.to_string());
        assert_eq!(status, 201, "{answer}");
        self.watch(answer["run"].as_str().unwrap())
    }

    pub fn watch(&self, run: &str) -> Watch {
        Watch { id: run.to_owned(), socket: self.try_watch(run, &self.token).unwrap() }
    }

    /// Opens the socket of a run, or says with which status it was refused.
    pub fn try_watch(&self, run: &str, token: &str) -> Result<Stream, u16> {
        let address = format!("ws://127.0.0.1:{}/lab/runs/{run}", self.port);
        let mut request = address.into_client_request().unwrap();
        let protocols = format!("lab, {token}").parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocols);
        match tungstenite::connect(request) {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Ends it as nobody can prevent.
    #[cfg(unix)]
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
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
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no HTTP: {}", String::from_utf8_lossy(answer)));
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

/// A WebSocket, connected.
pub type Stream = WebSocket<MaybeTlsStream<TcpStream>>;

/// A page that watches a run.
pub struct Watch {
    pub id: String,
    socket: Stream,
}

impl Watch {
    /// The next that it is told; nothing when the lab has closed the socket.
    pub fn next(&mut self) -> Option<Value> {
        match self.socket.read() {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).unwrap()),
            Ok(Message::Close(_)) => None,
            other => panic!("not a text: {other:?}"),
        }
    }

    /// Passes over what it is told until `field` is told, and returns its value.
    pub fn until(&mut self, field: &str) -> Value {
        loop {
            let mut told = self.next().unwrap_or_else(|| panic!("the run ended without `{field}`"));
            if let Some(value) = told.get_mut(field) {
                return value.take();
            }
        }
    }

    /// Reads to the end: the outcome, what is said of it, and all that was told.
    pub fn end(mut self) -> (String, String, Vec<Value>) {
        let told: Vec<Value> = std::iter::from_fn(|| self.next()).collect();
        let last = told.last().unwrap();
        assert_eq!(last["state"], "done", "{last}");
        let text = |field: &str| last[field].as_str().unwrap().to_owned();
        (text("outcome"), text("said"), told)
    }
}

/// What a run has said for people.
pub fn output(told: &[Value]) -> String {
    told.iter().filter_map(|told| told["output"].as_str()).collect()
}

/// Hears of processes that live, and when they do so no more.
pub struct Lives(TcpListener);

impl Lives {
    pub fn listen() -> Lives {
        Lives(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Waits until so many have begun.
    pub fn begun(&self, many: usize) -> Vec<Life> {
        let life = || {
            let mut stream = BufReader::new(self.0.accept().unwrap().0);
            let mut pid = String::new();
            stream.read_line(&mut pid).unwrap();
            Life { pid: pid.trim().parse().unwrap(), stream }
        };
        (0..many).map(|_| life()).collect()
    }
}

/// A process that has begun to live.
pub struct Life {
    pub pid: i32,
    stream: BufReader<TcpStream>,
}

impl Life {
    /// Waits until it has ended.
    pub fn ended(mut self) {
        // Ended by a signal it may reset the connection as well as close it.
        let _ = self.stream.read_to_end(&mut Vec::new());
    }
}

/// The socket of an open page.
pub struct Socket(Stream);

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

//! A server, a client or a process that fails is told in one line, by whoever deals with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;

use house_tests::{begun, children, experiment, refused};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

#[test]
fn a_twin_that_fails_is_quoted() {
    // A Python that answers --version and then fails at whatever it is given.
    let (code, error) = refused("sequential", &["--quick", "--json", "--twin=false"]);
    assert_eq!(code, 1);
    assert!(error.contains("with `false`: exit status: 1: no message"), "{error}");
}

#[test]
fn a_server_that_refuses_or_fails_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let (code, error) = refused("io_bound", &["--json", "--url", &closed]);
    assert_eq!(code, 1);
    assert!(error.starts_with(&format!("io_bound: cannot fetch `{closed}`: Connection refused")));

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let failing = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = connection.read(&mut request).unwrap();
        let answer = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
        connection.write_all(answer.as_bytes()).unwrap();
    });
    let (code, error) = refused("io_bound", &["--json", "--url", &failing]);
    assert_eq!(code, 1);
    let answered = "the server answered 500 Internal Server Error";
    assert_eq!(error, format!("io_bound: cannot fetch `{failing}`: {answered}"));
    server.join().unwrap();
}

/// Takes ten seconds: the time after which a silent server is given up.
#[test]
fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/", listener.local_addr().unwrap());
    let (code, error) = refused("io_bound", &["--json", "--url", &silent]);
    assert_eq!(code, 1);
    assert_eq!(error, format!("io_bound: cannot fetch `{silent}`: no answer within 10 seconds"));
}

#[test]
fn a_server_that_ends_too_early_is_told() {
    let error = said_without_its_servers("connections");
    assert!(error.starts_with("connections: "), "{error}");
    assert!(error.contains("the server"), "{error}");
}

#[test]
fn a_server_that_only_serves_ends_when_it_is_told_to() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut child =
            experiment("web_server").args(["--serve", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.find_map(|line| line.unwrap().strip_prefix("http://").map(str::to_owned));
        let said = said.unwrap();
        let mut connection = TcpStream::connect(said.split('/').next().unwrap()).unwrap();
        connection.write_all(b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
        kill(Pid::from_raw(child.id() as i32), signal).unwrap();
        let last = lines.last().unwrap().unwrap();
        assert_eq!(last, "1 request begun and answered", "{signal}");
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}

#[test]
fn an_end_of_the_server_is_told_too() {
    let error = said_without_its_servers("web_server");
    assert!(error.starts_with("web_server: cannot "), "{error}");
    assert!(error.ends_with(" the server: it ended early\n"), "{error}");
}

#[test]
fn a_load_generator_that_is_missing_or_strange_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = experiment("web_server");
    let output = command.arg("--quick").env("PATH", folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("wrk is not installed here"), "{text}");

    // One that says nothing at all.
    std::os::unix::fs::symlink("/bin/true", folder.path().join("wrk")).unwrap();
    let mut command = experiment("web_server");
    let output = command.arg("--quick").env("PATH", folder.path()).output().unwrap();
    let error = "web_server: cannot use `wrk`: it printed no 99th percentile\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), error);
    assert_eq!(output.status.code(), Some(1));
}

/// Runs `name`, kills each server that it starts, and returns the one line in which it says so.
fn said_without_its_servers(name: &str) -> String {
    let (mut child, _output) = begun(name);
    while child.try_wait().unwrap().is_none() {
        for server in children(child.id()) {
            let _ = kill(server, Signal::SIGKILL);
        }
    }
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

//! Requests that must be refused, sent byte for byte to every route there is.

#![cfg(unix)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use lab::routes::{API, ROUTES};
use serde_json::Value;
use support::{Answer, Book, Lab};

/// A request for one address, which can be spoilt.
#[derive(Clone)]
struct Asked {
    method: String,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Asked {
    /// As a page of the lab would ask.
    fn rightly(lab: &Lab, method: &str, path: &str) -> Asked {
        let mut headers = vec![("Host", lab.host()), ("Connection", "close".to_owned())];
        let mut body = Vec::new();
        if path.starts_with(API) {
            headers.push(("X-Lab-Token", lab.token.clone()));
        }
        if method == "POST" {
            body = br#"{"experiment":"calm"}"#.to_vec();
            headers.push(("Content-Type", "application/json".to_owned()));
            headers.push(("Content-Length", body.len().to_string()));
        }
        Asked { method: method.to_owned(), path: path.to_owned(), headers, body }
    }

    fn without(&self, name: &str) -> Asked {
        let mut asked = self.clone();
        asked.headers.retain(|(header, _)| *header != name);
        asked
    }

    /// The header in addition to those that are there.
    fn and(&self, name: &'static str, value: &str) -> Asked {
        let mut asked = self.clone();
        asked.headers.push((name, value.to_owned()));
        asked
    }

    /// The header in place of the one that is there.
    fn with(&self, name: &'static str, value: &str) -> Asked {
        self.without(name).and(name, value)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        [format!("{head}\r\n").as_bytes(), &self.body].concat()
    }

    fn send(&self, lab: &Lab) -> Answer {
        lab.send(self.bytes())
    }

    /// Expects the refusal, and that it is told in one line and protected as all answers are.
    fn is_refused(&self, lab: &Lab, status: u16, why: &str) {
        let answer = self.send(lab);
        let asked = String::from_utf8_lossy(&self.bytes()).chars().take(400).collect::<String>();
        assert_eq!(answer.status, status, "{why}: {asked}{}", answer.text());
        let problem: Value = serde_json::from_str(answer.text()).expect("a problem as JSON");
        let line = problem["problem"].as_str().expect("a line");
        assert!(!line.is_empty() && !line.contains('\n'), "{line}");
        assert_protected(&answer, why);
    }
}

/// Every answer keeps other sites out.
fn assert_protected(answer: &Answer, what: &str) {
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(expected), "{what}: {name}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'self';"), "{what}: {policy}");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{what}: {policy}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
}

/// Every route of the table, and pages that are there and that are not, asked rightly.
fn all_addresses(lab: &Lab) -> Vec<Asked> {
    let routes = ROUTES.iter().map(|route| {
        let path = route.path.replace("{experiment}", "calm").replace("{run}", &"0".repeat(32));
        Asked::rightly(lab, route.method.as_str(), &path)
    });
    let pages = ["/", "/index.html", "/web/panel.css", "/no/such/page.html", "/lab/no-such-thing"];
    let pages = pages.map(|path| Asked::rightly(lab, "GET", path));
    routes.chain(pages).collect()
}

/// A lab whose one experiment is built.
fn lab() -> (Book, Lab) {
    let book = Book::with(&["calm"]);
    let lab = Lab::start(&book);
    assert_eq!(lab.run(serde_json::json!({ "experiment": "calm" })).end().0, "finished");
    (book, lab)
}

fn lives(lab: &Lab) {
    assert_eq!(lab.get("/").status, 200);
}

#[test]
fn what_is_asked_rightly_is_answered_and_protected() {
    let (_book, lab) = lab();
    for asked in all_addresses(&lab) {
        let answer = asked.send(&lab);
        let expected = match asked.path.as_str() {
            "/" | "/index.html" | "/web/panel.css" | "/lab/experiments/calm" => 200,
            "/lab/runs" => 201,
            "/lab/experiments/calm/open" => 202,
            // These are not asked as a WebSocket is.
            path if path.starts_with("/lab/runs/0") && asked.method == "GET" => 426,
            "/__livereload" => 426,
            _ => 404,
        };
        assert_eq!(answer.status, expected, "{}: {}", asked.path, answer.text());
        assert_protected(&answer, &asked.path);
    }
    // What a browser says of a page of the lab.
    let origin = format!("http://{}", lab.host());
    for asked in all_addresses(&lab) {
        let same = asked.and("Origin", &origin).and("Sec-Fetch-Site", "same-origin");
        assert!([200, 201, 202, 404, 426].contains(&same.send(&lab).status), "{}", asked.path);
        let localhost = lab.host().replace("127.0.0.1", "localhost");
        let origin = format!("http://{localhost}");
        let other_name = asked.with("Host", &localhost).and("Origin", &origin);
        assert!(
            [200, 201, 202, 404, 426].contains(&other_name.send(&lab).status),
            "{}",
            asked.path
        );
    }
}

#[test]
fn another_host_is_refused_everywhere() {
    let (_book, lab) = lab();
    let port = lab.port;
    for asked in all_addresses(&lab) {
        for host in [
            "evil.example".to_owned(),
            format!("evil.example:{port}"),
            "127.0.0.1".to_owned(),
            "localhost".to_owned(),
            format!("127.0.0.1:{}", port ^ 1),
            format!("127.0.0.1:{port}.evil.example"),
            format!("127.0.0.1:{port}0"),
            format!("127.0.0.1.evil.example:{port}"),
            format!("127.0.0.1.:{port}"),
            format!("127.1:{port}"),
            format!("0:{port}"),
            format!("[::1]:{port}"),
            format!("localhost.:{port}"),
            format!("LOCALHOST:{port}"),
            format!("evil-localhost:{port}"),
            format!("evil.example@127.0.0.1:{port}"),
            format!("127.0.0.1:{port},evil.example"),
            String::new(),
        ] {
            asked.with("Host", &host).is_refused(&lab, 421, &host);
        }
        asked.without("Host").is_refused(&lab, 400, "no host");
        asked.and("Host", &lab.host()).is_refused(&lab, 400, "the host twice");
        asked.and("Host", "evil.example").is_refused(&lab, 400, "another host as well");
        let mut absolute = asked.clone();
        absolute.path = format!("http://evil.example{}", asked.path);
        absolute.is_refused(&lab, 421, "another host in the address");
    }
    lives(&lab);
}

#[test]
fn another_origin_is_refused_everywhere() {
    let (_book, lab) = lab();
    let port = lab.port;
    for asked in all_addresses(&lab) {
        for origin in [
            "http://evil.example".to_owned(),
            "null".to_owned(),
            String::new(),
            "http://127.0.0.1".to_owned(),
            format!("http://127.0.0.1:{}", port ^ 1),
            format!("http://127.0.0.1:{port}.evil.example"),
            format!("http://127.0.0.1:{port}0"),
            format!("http://127.0.0.1:{port}/"),
            format!("https://127.0.0.1:{port}"),
            format!("HTTP://127.0.0.1:{port}"),
            format!("ws://127.0.0.1:{port}"),
            format!("http://evil.example@127.0.0.1:{port}"),
            // The same server by another name is another origin.
            format!("http://localhost:{port}"),
        ] {
            asked.and("Origin", &origin).is_refused(&lab, 403, &origin);
        }
        let ours = format!("http://{}", lab.host());
        asked.and("Origin", &ours).and("Origin", &ours).is_refused(&lab, 400, "origin twice");
        for site in ["cross-site", "same-site", "", "Same-Origin", "same-origin, cross-site"] {
            asked.and("Sec-Fetch-Site", site).is_refused(&lab, 403, site);
        }
        let twice = asked.and("Sec-Fetch-Site", "none").and("Sec-Fetch-Site", "cross-site");
        twice.is_refused(&lab, 400, "two sites");
    }
    lives(&lab);
}

#[test]
fn without_the_token_nothing_but_pages_is_reached() {
    let (book, lab) = lab();
    let earlier = lab.token.clone();
    drop(lab);
    let lab = Lab::start(&book);
    assert_ne!(earlier, lab.token);
    let token = lab.token.clone();
    for asked in all_addresses(&lab).iter().filter(|asked| asked.path.starts_with(API)) {
        asked.without("X-Lab-Token").is_refused(&lab, 403, "no token");
        for wrong in ["", "0", &token[1..], &format!("{token}0"), &token.to_uppercase(), &earlier] {
            // One in sixteen to the 32nd has no letter to be raised.
            asked.with("X-Lab-Token", wrong).is_refused(&lab, 403, wrong);
        }
        asked.and("X-Lab-Token", &token).is_refused(&lab, 400, "the token twice");
        let mut in_query = asked.without("X-Lab-Token");
        in_query.path += &format!("?token={token}&X-Lab-Token={token}");
        in_query.is_refused(&lab, 403, "the token in the query");
        let cookie = asked.without("X-Lab-Token").and("Cookie", &format!("X-Lab-Token={token}"));
        cookie.is_refused(&lab, 403, "the token in a cookie");
        let bare = asked.without("X-Lab-Token").and("Sec-WebSocket-Protocol", &token);
        bare.is_refused(&lab, 403, "the token as the only protocol");
    }
    assert_eq!(lab.try_watch("0", &earlier).unwrap_err(), 403);
    assert_eq!(lab.try_watch("0", &token).unwrap_err(), 404);
    lives(&lab);
}

#[test]
fn only_the_method_of_an_address_is_taken() {
    let (_book, lab) = lab();
    for asked in all_addresses(&lab) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "LAB", "get"] {
            if method == asked.method || asked.path == "/lab/no-such-thing" {
                continue;
            }
            Asked::rightly(&lab, method, &asked.path).is_refused(&lab, 405, method);
        }
    }
    lives(&lab);
}

#[test]
fn only_json_is_taken_and_not_too_much_of_it() {
    let (_book, lab) = lab();
    for asked in all_addresses(&lab).iter().filter(|asked| asked.method == "POST") {
        for media_type in [
            "text/plain",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonx",
            "application/json, text/plain",
            "",
        ] {
            asked.with("Content-Type", media_type).is_refused(&lab, 415, media_type);
        }
        asked.without("Content-Type").is_refused(&lab, 415, "no type");
        asked.and("Content-Type", "text/plain").is_refused(&lab, 400, "two types");

        asked.with("Content-Length", "100000000").is_refused(&lab, 413, "100 MB by length");
        let mut chunked = asked.without("Content-Length").and("Transfer-Encoding", "chunked");
        chunked.body = b"100000\r\n".to_vec();
        chunked.body.resize(8 + 0x100000, b' ');
        chunked.body.extend_from_slice(b"\r\n");
        chunked.body = chunked.body.repeat(100);
        chunked.is_refused(&lab, 413, "100 MB in chunks");
    }
    for asked in all_addresses(&lab).iter().filter(|asked| asked.method == "GET") {
        let mut with_body = asked.and("Content-Length", "2");
        with_body.body = b"{}".to_vec();
        with_body.is_refused(&lab, 400, "GET with a body");
    }
    lives(&lab);
}

/// Takes as long as a body is waited for.
#[test]
fn a_body_that_does_not_come_is_not_waited_for_long() {
    let (_book, lab) = lab();
    let asked = Asked::rightly(&lab, "POST", "/lab/runs");
    asked.with("Content-Length", "1000").is_refused(&lab, 408, "half a body");
    lives(&lab);
}

#[test]
fn only_what_is_described_is_run() {
    let (_book, lab) = lab();
    let lists = |close| {
        let lists = "[".repeat(10_000) + &"]".repeat(close);
        format!(r#"{{"experiment":"calm","parameters":{{"port":{lists}}}}}"#)
    };
    let (deep, cut) = (lists(10_000), lists(0));
    let huge = format!(r#"{{"experiment":"calm","parameters":{{"word":"{}"}}}}"#, "x".repeat(2000));
    for (status, body) in [
        (404, r#"{"experiment":"no_such_thing"}"#),
        (404, r#"{"experiment":""}"#),
        (404, r#"{"experiment":"../examples/calm"}"#),
        (404, r#"{"experiment":"calm/../calm"}"#),
        (404, r#"{"experiment":"/bin/sh"}"#),
        (404, r#"{"experiment":"calm\u0000"}"#),
        (404, r#"{"experiment":"--help"}"#),
        (422, r#"{}"#),
        (422, r#"{"parameters":{}}"#),
        (422, r#"{"experiment":7}"#),
        (422, r#"{"experiment":null}"#),
        (422, r#"{"experiment":"calm","experiment":"calm"}"#),
        (422, r#"{"experiment":"calm","arguments":["--help"]}"#),
        (422, r#"{"experiment":"calm","parameters":{"threads":1}}"#),
        (422, r#"{"experiment":"calm","parameters":{"--port":1}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port=1 --x":1}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":1,"port":2}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":null}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":-1}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":65536}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":99999999999999999999999}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":2.5}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":"2"}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":"--help"}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":true}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":[1]}}"#),
        (422, r#"{"experiment":"calm","parameters":{"port":{}}}"#),
        (422, r#"{"experiment":"calm","parameters":{"word":"--help"}}"#),
        (422, r#"{"experiment":"calm","parameters":{"word":""}}"#),
        (422, r#"{"experiment":"calm","parameters":{"word":1}}"#),
        (422, r#"{"experiment":"calm","parameters":{"word":"a\u0000b"}}"#),
        (422, r#"{"experiment":"calm","parameters":{"word":"a\nb"}}"#),
        (422, &huge),
        (422, r#"{"experiment":"calm","parameters":[]}"#),
        (422, r#"{"experiment":"calm","trials":0}"#),
        (422, r#"{"experiment":"calm","trials":11}"#),
        (422, r#"{"experiment":"calm","trials":"--help"}"#),
        (422, r#"{"experiment":"calm","trials":null}"#),
        (422, r#"{"experiment":"calm","quick":"yes"}"#),
        (422, r#"{"experiment":"calm","twin":true}"#),
        (422, r#"["calm"]"#),
        (400, ""),
        (400, "{"),
        (400, r#"{"experiment":"ca"#),
        (400, r#"{"experiment":"calm"} {}"#),
        (400, "experiment=calm"),
        (400, &deep),
        (400, &cut),
    ] {
        let mut asked = Asked::rightly(&lab, "POST", "/lab/runs");
        asked.body = body.into();
        asked.with("Content-Length", &body.len().to_string()).is_refused(&lab, status, body);
    }
    let mut bytes = Asked::rightly(&lab, "POST", "/lab/runs").with("Content-Length", "2");
    bytes.body = vec![0xff, 0xfe];
    bytes.is_refused(&lab, 400, "not UTF-8");
    for path in ["no_such_thing", "%2e%2e", "..%2fcalm", "calm%00", "%ff", "--help", "calm%2f.."] {
        let state = format!("/lab/experiments/{path}");
        let answer = Asked::rightly(&lab, "GET", &state).send(&lab);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        let answer = Asked::rightly(&lab, "POST", &format!("{state}/open")).send(&lab);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
    }
    lives(&lab);
}

/// Takes as long as a request's head is waited for.
#[test]
fn slow_connections_hold_nobody_up_and_are_closed() {
    let book = Book::new();
    let lab = Lab::start(&book);
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(lab.host()).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
            stream
        })
        .collect();
    // Two that have asked once, and then say nothing more.
    for stream in &mut slow[..2] {
        let rest = format!("{}\r\n\r\n", lab.host());
        stream.write_all(rest.as_bytes()).unwrap();
        stream.read_exact(&mut [0; 64]).unwrap();
    }
    lives(&lab);
    for stream in &mut slow {
        let _ = stream.read_to_end(&mut Vec::new());
    }
    lives(&lab);
}

//! Who may ask, and how: the one place through which every request goes, pages included.
//!
//! The lab runs programs, and any page in the reader's browser can send requests to this machine.
//! So a request must name this very server as its host, which a name that was made to lead here
//! does not (*DNS rebinding*); it must come from a page of this server or from nobody's page; and
//! to reach what is not a page it must carry the token, which only this server's pages hold and no
//! other page can read.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    SEC_WEBSOCKET_PROTOCOL, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::timeout;

use crate::lab::{Lab, problem};
use crate::routes::API;

/// Carries the token.
pub const TOKEN: HeaderName = HeaderName::from_static("x-lab-token");

/// A browser lets no page add a header to a WebSocket's request; it names this protocol, and then
/// the token as if it were another.
pub const PROTOCOL: &str = "lab";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A request for a run is shorter by far.
const LONGEST_BODY: usize = 64 << 10;

/// For the whole of a body to come.
const PATIENCE: Duration = Duration::from_secs(5);

/// The end of a connection that is ours: what a request's Host must name.
#[derive(Clone, Copy, Debug)]
pub struct Here(pub SocketAddr);

/// Why a request is refused.
type Refused = (StatusCode, &'static str);

const ELSEWHERE: Refused =
    (StatusCode::MISDIRECTED_REQUEST, "the request is meant for another host");

/// Lets a request through, or says why not.
pub async fn check(State(lab): State<Lab>, request: Request, next: Next) -> Response {
    match admit(&lab, request).await {
        Ok(request) => next.run(request).await,
        Err((status, reason)) => problem(status, reason),
    }
}

async fn admit(lab: &Lab, request: Request) -> Result<Request, Refused> {
    let headers = request.headers();
    let host = host(&request)?;
    if let Some(origin) = only(headers, &ORIGIN)?
        && origin.strip_prefix("http://") != Some(host)
    {
        return Err((StatusCode::FORBIDDEN, "the request comes from another site's page"));
    }
    // Older browsers do not send it.
    if !matches!(only(headers, &SEC_FETCH_SITE)?, None | Some("same-origin" | "none")) {
        return Err((StatusCode::FORBIDDEN, "the request comes from another site's page"));
    }
    let api = request.uri().path().starts_with(API);
    match *request.method() {
        Method::GET | Method::HEAD => {}
        Method::POST if api => {}
        _ => return Err((StatusCode::METHOD_NOT_ALLOWED, "this address takes another method")),
    }
    // The book is public, and a browser asks for it before it can know the token.
    if api && !carries_token(headers, &lab.token)? {
        return Err((StatusCode::FORBIDDEN, "no token, or not that of this lab: reload the page"));
    }
    with_body(request).await
}

/// The one host that is named, if it is this one.
fn host(request: &Request) -> Result<&str, Refused> {
    let host = only(request.headers(), &HOST)?;
    let host = host.ok_or((StatusCode::BAD_REQUEST, "the request names no host"))?;
    let Some(&Here(here)) = request.extensions().get() else { return Err(ELSEWHERE) };
    let mut names = vec![here.to_string()];
    if here.ip().is_loopback() {
        names.push(format!("localhost:{}", here.port()));
    }
    if here.port() == 80 {
        // Which browsers leave out.
        names.extend(
            names.clone().iter().filter_map(|name| name.strip_suffix(":80").map(Into::into)),
        );
    }
    let is_here = |name: &str| names.iter().any(|here| here == name);
    let elsewhere = request.uri().authority().is_some_and(|target| target.as_str() != host);
    match is_here(host) && !elsewhere {
        true => Ok(host),
        false => Err(ELSEWHERE),
    }
}

/// The value of a header that may be given once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refused> {
    const BAD: Refused = (StatusCode::BAD_REQUEST, "a header is given twice, or is no text");
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| BAD),
        _ => Err(BAD),
    }
}

fn carries_token(headers: &HeaderMap, token: &str) -> Result<bool, Refused> {
    if let Some(given) = only(headers, &TOKEN)? {
        return Ok(same(given, token));
    }
    let Some(protocols) = only(headers, &SEC_WEBSOCKET_PROTOCOL)? else { return Ok(false) };
    let mut protocols = protocols.split(',').map(str::trim);
    Ok(protocols.next() == Some(PROTOCOL) && protocols.next().is_some_and(|it| same(it, token)))
}

/// Takes as long for a guess that is nearly right.
fn same(given: &str, token: &str) -> bool {
    let differences = given.bytes().zip(token.bytes()).map(|(a, b)| a ^ b);
    given.len() == token.len() && differences.fold(0, |all, difference| all | difference) == 0
}

/// The same request with all of its body, which is JSON and short.
async fn with_body(request: Request) -> Result<Request, Refused> {
    const TOO_LONG: Refused = (StatusCode::PAYLOAD_TOO_LARGE, "the body is too long");
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return match request.body().is_end_stream() {
            true => Ok(request),
            false => Err((StatusCode::BAD_REQUEST, "a request of this method has no body")),
        };
    }
    // A form, which any page can send anywhere, has no such type.
    let json = ["application/json", "application/json; charset=utf-8"];
    if !only(request.headers(), &CONTENT_TYPE)?.is_some_and(|named| json.contains(&named)) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
    }
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > LONGEST_BODY as u64 {
        return Err(TOO_LONG);
    }
    match timeout(PATIENCE, to_bytes(body, LONGEST_BODY)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(_)) => Err(TOO_LONG),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the body did not come in time")),
    }
}

/// Headers that keep other sites' pages and mistakes of our own from doing harm.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        // As in the pages themselves, which older browsers need for their sockets, and in no frame.
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self' https://play.rust-lang.org ws://127.0.0.1:* ws://localhost:*; \
    object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

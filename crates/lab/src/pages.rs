//! The pages of the book, and the socket on which they hear of a newer build.

use std::collections::HashMap;
use std::io::Write;

use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::lab::{Lab, Newest, problem};
use crate::site::Page;

/// The path, without its slash, of the socket on which an open page hears of a newer build. Its
/// query says which build the page is of: `__livereload?build=3`.
pub const RELOAD: &str = "__livereload";

const HTML: &str = "text/html; charset=utf-8";

/// What the book has at the address.
pub async fn page(State(lab): State<Lab>, uri: Uri, asked: HeaderMap) -> Response {
    let page = lab.newest.borrow().page(uri.path());
    let (status, media_type, bytes) = match page {
        Page::File { media_type, bytes } => (StatusCode::OK, media_type, bytes),
        Page::Missing(bytes) => (StatusCode::NOT_FOUND, HTML.to_owned(), bytes),
        Page::Failure(bytes) => (StatusCode::INTERNAL_SERVER_ERROR, HTML.to_owned(), bytes),
    };
    let bytes = if media_type == HTML { with_token(&bytes, &lab.token) } else { bytes };
    let text = media_type.starts_with("text/") || media_type == "image/svg+xml";
    // The book changes under the reader: the browser must ask again each time.
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache".into())];
    if text && takes_gzip(&asked) {
        return (status, headers, [(header::CONTENT_ENCODING, "gzip")], gzip(&bytes))
            .into_response();
    }
    (status, headers, bytes).into_response()
}

/// An unknown address below the lab's own.
pub async fn nothing_here() -> Response {
    problem(StatusCode::NOT_FOUND, "there is nothing at this address")
}

/// A known address asked in another way than its own.
pub async fn wrong_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "this address takes another method")
}

/// A page says that it is the lab's by holding its token.
fn with_token(page: &Bytes, token: &str) -> Bytes {
    let head = b"<head>";
    let Some(place) = page.windows(head.len()).position(|window| window == head) else {
        return page.clone();
    };
    let (before, after) = page.split_at(place + head.len());
    let token = format!("\n    <meta name=\"lab-token\" content=\"{token}\">");
    [before, token.as_bytes(), after].concat().into()
}

/// Browsers either name gzip or do not; none refuses it by name.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|names| names.split(',').any(|name| name.trim() == "gzip"))
}

/// On this machine it is done to weigh a page as a static host would send it.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes what is written")
}

/// Tells the page when there is a newer build.
pub async fn reload_socket(
    State(lab): State<Lab>,
    Query(seen): Query<HashMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let build = seen.get("build").and_then(|build| build.parse().ok());
    match (upgrade, build) {
        (Ok(upgrade), Some(build)) => {
            upgrade.on_upgrade(move |socket| send_reload(socket, lab.newest, build))
        }
        (Err(_), _) => problem(StatusCode::UPGRADE_REQUIRED, "this is the address of a WebSocket"),
        (_, None) => problem(StatusCode::BAD_REQUEST, "which build the page is of is not said"),
    }
}

/// Tells a page that shows build `seen` to reload once there is another, at once if there is one
/// already, and ends when the page goes.
async fn send_reload(mut socket: WebSocket, mut newest: Newest, seen: u64) {
    let newer = newest.wait_for(|site| site.build != seen);
    tokio::select! {
        Ok(_) = newer => {}
        () = gone(&mut socket) => return,
    }
    let _ = socket.send(Message::Text("reload".into())).await;
}

/// Waits until the other side has closed; whatever it says before is passed over.
async fn gone(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

//! The routes of the lab.

use std::collections::HashMap;
use std::io::{ErrorKind, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::site::{Page, Site};

/// The path, without its slash, of the socket on which an open page hears of a newer build. Its
/// query says which build the page is of: `__livereload?build=3`.
pub const RELOAD: &str = "__livereload";

/// The newest build that can be shown.
type Newest = watch::Receiver<Arc<Site>>;

/// Listens on this machine alone.
pub async fn listen(port: u16) -> Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let mut message = format!("cannot listen on 127.0.0.1:{port}: address in use");
            if let Some(free) = free_port_after(port).await {
                message += &format!("; port {free} is free: cargo run -- --port {free}");
            }
            Err(anyhow!(message))
        }
        Err(error) => Err(error).context(format!("cannot listen on 127.0.0.1:{port}")),
    }
}

async fn free_port_after(taken: u16) -> Option<u16> {
    for port in taken.checked_add(1)?..=u16::MAX {
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
            return Some(port);
        }
    }
    None
}

/// Answers requests until the process ends.
pub async fn serve(listener: TcpListener, newest: Newest) -> Result<()> {
    axum::serve(listener, routes(newest)).await.context("cannot serve the book")
}

fn routes(newest: Newest) -> Router {
    let reload = format!("/{RELOAD}");
    Router::new()
        .route(&reload, any(reload_socket))
        .fallback_service(get(page).with_state(newest.clone()))
        .with_state(newest)
}

async fn page(State(newest): State<Newest>, uri: Uri, asked: HeaderMap) -> Response {
    const HTML: &str = "text/html; charset=utf-8";
    let page = newest.borrow().page(uri.path());
    let (status, media_type, bytes) = match page {
        Page::File { media_type, bytes } => (StatusCode::OK, media_type, bytes),
        Page::Missing(bytes) => (StatusCode::NOT_FOUND, HTML.to_owned(), bytes),
        Page::Failure(bytes) => (StatusCode::INTERNAL_SERVER_ERROR, HTML.to_owned(), bytes),
    };
    let text = media_type.starts_with("text/") || media_type == "image/svg+xml";
    // The book changes under the reader: the browser must ask again each time.
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache".into())];
    if text && takes_gzip(&asked) {
        return (status, headers, [(header::CONTENT_ENCODING, "gzip")], gzip(&bytes))
            .into_response();
    }
    (status, headers, bytes).into_response()
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

async fn reload_socket(
    State(newest): State<Newest>,
    Query(seen): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    match seen.get("build").and_then(|build| build.parse().ok()) {
        Some(build) => upgrade.on_upgrade(move |socket| send_reload(socket, newest, build)),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Tells a page that shows build `seen` to reload once there is another, at once if there is one
/// already, and ends when the page goes.
async fn send_reload(mut socket: WebSocket, mut newest: Newest, seen: u64) {
    let newer = newest.wait_for(|site| site.build != seen);
    tokio::select! {
        Ok(_) = newer => {}
        _ = gone(&mut socket) => return,
    }
    let _ = socket.send(Message::Text("reload".into())).await;
}

/// Waits until the other side has closed; whatever it says before is passed over.
async fn gone(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

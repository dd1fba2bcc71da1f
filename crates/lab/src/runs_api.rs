//! Asking for a run, watching it and ending it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::ws::{
    Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use tokio::time::sleep;

use crate::description::Request;
use crate::experiments_api::unknown;
use crate::guard::PROTOCOL;
use crate::lab::{Lab, answer, problem};
use crate::queue::MOST_WAITING;
use crate::run::{Events, Run};

/// A run that nobody watches is ended after this time.
const UNWATCHED: Duration = Duration::from_secs(5);

/// A page has nothing to say on its socket.
const LONGEST_MESSAGE: usize = 1 << 10;

/// Puts a run into the queue.
pub async fn create(State(lab): State<Lab>, body: Result<Bytes, BytesRejection>) -> Response {
    let request: Request = match body.map(|body| (serde_json::from_slice(&body), body)) {
        // A list of the same values in their order would do for serde.
        Ok((Ok(_), body)) if !body.trim_ascii_start().starts_with(b"{") => {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "the request is no JSON object");
        }
        Ok((Ok(request), _)) => request,
        Ok((Err(error), _)) => {
            let status = match error.is_data() {
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => StatusCode::BAD_REQUEST,
            };
            return problem(status, format!("cannot read the request: {error}"));
        }
        Err(error) => return problem(error.status(), "cannot read the request"),
    };
    if !lab.experiments.has(&request.experiment) {
        return unknown(&request.experiment);
    }
    // What is not built yet is asked when its turn comes.
    if let Some(ready) = lab.experiments.ready(&request.experiment)
        && let Err(refused) = request.arguments(&ready.description)
    {
        return problem(StatusCode::UNPROCESSABLE_ENTITY, refused);
    }
    let run = Arc::new(Run::new(request));
    if !lab.queue.add(Arc::clone(&run)) {
        let reason = format!("{MOST_WAITING} runs are waiting already; try again later");
        return problem(StatusCode::TOO_MANY_REQUESTS, reason);
    }
    let answered =
        answer(StatusCode::CREATED, &json!({ "run": run.id, "command": run.request.command() }));
    tokio::spawn(async move {
        sleep(UNWATCHED).await;
        if run.is_unwatched() {
            lab.queue.forget(&run);
        }
    });
    answered
}

/// Tells all about a run on a WebSocket, and ends the run if the page goes.
pub async fn watch(
    State(lab): State<Lab>,
    Path(id): Path<String>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]).max_message_size(LONGEST_MESSAGE),
        Err(_) => return problem(StatusCode::UPGRADE_REQUIRED, "a run is watched on a WebSocket"),
    };
    let Some(run) = lab.queue.run(&id) else { return no_run() };
    let Some(events) = run.watch() else {
        return problem(StatusCode::CONFLICT, "somebody watches this run already");
    };
    // A handshake that fails drops the function, and with it the watch.
    let watched = Watched { run, lab };
    upgrade.on_upgrade(move |socket| async move {
        tell(socket, events).await;
        drop(watched);
    })
}

/// Ends a run.
pub async fn stop(State(lab): State<Lab>, Path(id): Path<String>) -> Response {
    let Some(run) = lab.queue.run(&id) else { return no_run() };
    lab.queue.stop(&run);
    answer(StatusCode::ACCEPTED, &json!({}))
}

fn no_run() -> Response {
    problem(StatusCode::NOT_FOUND, "there is no such run")
}

/// A run whose page is there. Without its page it ends.
struct Watched {
    run: Arc<Run>,
    lab: Lab,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.lab.queue.forget(&self.run);
    }
}

async fn tell(mut socket: WebSocket, mut events: Events) {
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => {
                    if socket.send(Message::Text(event.into())).await.is_err() {
                        return;
                    }
                }
                None => {
                    let _ = socket.send(Message::Close(None)).await;
                    return;
                }
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                // Nothing else is expected; whatever it is, it is passed over.
                Some(Ok(_)) => {}
            },
        }
    }
}

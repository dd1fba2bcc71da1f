//! All that the lab answers to.

use axum::Router;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any, get, post};

use crate::lab::Lab;
use crate::{experiments_api, guard, pages, runs_api};

/// Where all that is not a page lives. Each request to it carries the token.
pub const API: &str = "/lab/";

/// One address, with the one method that it takes.
pub struct Route {
    /// With its variable parts in braces.
    pub path: &'static str,
    /// GET never runs anything.
    pub method: Method,
    /// Whether it becomes a WebSocket.
    pub socket: bool,
    answer: fn() -> MethodRouter<Lab>,
}

/// The table that the router is made from, and that the tests go through. Every other address is
/// looked for among the pages of the book.
pub const ROUTES: &[Route] = &[
    Route {
        path: "/__livereload",
        method: Method::GET,
        socket: true,
        answer: || get(pages::reload_socket),
    },
    Route {
        path: "/lab/experiments/{experiment}",
        method: Method::GET,
        socket: false,
        answer: || get(experiments_api::state),
    },
    Route {
        path: "/lab/experiments/{experiment}/open",
        method: Method::POST,
        socket: false,
        answer: || post(experiments_api::open),
    },
    Route {
        path: "/lab/runs",
        method: Method::POST,
        socket: false,
        answer: || post(runs_api::create),
    },
    Route {
        path: "/lab/runs/{run}",
        method: Method::GET,
        socket: true,
        answer: || get(runs_api::watch),
    },
    Route {
        path: "/lab/runs/{run}/stop",
        method: Method::POST,
        socket: false,
        answer: || post(runs_api::stop),
    },
];

/// The whole service, with its guard around everything.
pub(crate) fn router(lab: Lab) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.answer)());
    }
    router
        .route("/lab", any(pages::nothing_here))
        .route("/lab/{*other}", any(pages::nothing_here))
        .fallback_service(get(pages::page).with_state(lab.clone()))
        .method_not_allowed_fallback(pages::wrong_method)
        .layer(from_fn_with_state(lab.clone(), guard::check))
        .layer(from_fn(guard::protect))
        .with_state(lab)
}

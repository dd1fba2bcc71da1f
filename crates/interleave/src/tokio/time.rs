//! Time, of which the model knows only that it passes.

pub use ::std::time::Duration;

use crate::runtime::with;

/// Lets other tasks run, for as long as they like.
pub async fn sleep(_: Duration) {
    with(|world| world.me().at_await = true);
}

//! A value that one task brings, while the others wait for it.

use ::std::future::Future;
use ::std::panic::Location;

use crate::sync::OnceLock;
use crate::tokio::block_on;

/// A value that is written once.
#[derive(Debug)]
pub struct OnceCell<T>(OnceLock<T>);

impl<T> OnceCell<T> {
    /// Creates an empty one.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        OnceCell(OnceLock::new())
    }

    /// The value, if it is there.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }

    /// Whether the value is there.
    #[track_caller]
    pub fn initialized(&self) -> bool {
        self.0.get().is_some()
    }

    /// The value, brought by `initialise` if nobody has; blocked while another
    /// task brings it. That a task gives up half way is not modelled.
    #[track_caller]
    pub fn get_or_init<F: Future<Output = T>>(
        &self,
        initialise: impl FnOnce() -> F,
    ) -> impl Future<Output = &T> {
        let place = Location::caller();
        async move { self.0.get_or_init_at(|| block_on(initialise()), place) }
    }
}

//! A page that is made of three answers.

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    // A task of its own: it asks while we wait for the others. Only the orders
    // have to come after the user.
    let weather = tokio::spawn(weather());
    let user = user().await;
    let orders = orders_of(&user).await;
    let weather = weather.await.unwrap();
    format!("{user}, {orders}, {weather}")
}

//! A page that is made of three answers.

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    let user = user().await;
    let orders = orders_of(&user).await;
    let weather = weather().await;
    format!("{user}, {orders}, {weather}")
}

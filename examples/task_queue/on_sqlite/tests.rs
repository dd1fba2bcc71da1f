use super::*;
use crate::day::{self, day};
use crate::jobs::Job;
use crate::monitor::Board;

async fn in_a(folder: &tempfile::TempDir) -> Sqlite {
    Sqlite::open(&folder.path().join("jobs.db"), "test:").await.unwrap()
}

fn letter() -> Order {
    Order::of(Job::Letter { to: "ann@example.org".to_owned() })
}

async fn refused(file: &Path) -> String {
    let error = Sqlite::open(file, "").await.unwrap_err();
    format!("{error:#}")
}

#[tokio::test]
async fn a_full_disk_is_told_and_loses_no_accepted_job() {
    let folder = tempfile::tempdir().unwrap();
    let shop = in_a(&folder).await;
    shop.close().await;
    // The limit is one of each connection, so there is one.
    let options = SqliteConnectOptions::new().filename(folder.path().join("jobs.db"));
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let shop = Sqlite { pool, prefix: "test:".to_owned() };
    query("PRAGMA max_page_count = 40").execute(&shop.pool).await.unwrap();
    let mut accepted = 0;
    let refused = loop {
        match shop.push(letter()).await {
            Ok(()) => accepted += 1,
            Err(error) => break format!("{error:#}"),
        }
    };
    assert!(refused.starts_with("the job was not accepted: "), "{refused}");
    assert!(refused.contains("database or disk is full"), "{refused}");
    assert!(accepted > 0);
    assert_eq!(shop.counts("mail").await.unwrap().waiting, accepted);
    // With room again, orders are accepted again.
    query("PRAGMA max_page_count = 4000").execute(&shop.pool).await.unwrap();
    shop.push(letter()).await.unwrap();
    shop.close().await;
    assert_eq!(in_a(&folder).await.counts("mail").await.unwrap().waiting, accepted + 1);
}

#[tokio::test]
async fn a_database_of_another_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shop = in_a(&folder).await;
    let later = "INSERT INTO _sqlx_migrations VALUES (99990101000000, 'later', '', 1, x'00', 0)";
    query(later).execute(&shop.pool).await.unwrap();
    shop.close().await;
    let told = refused(&folder.path().join("jobs.db")).await;
    assert!(told.ends_with("it was made by another version of apalis-sqlite"), "{told}");
}

#[tokio::test]
async fn what_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "Dear Ann, this is a letter and no database. ".repeat(100)).unwrap();
    let told = refused(&file).await;
    assert!(told.contains("file is not a database"), "{told}");
    assert!(!told.contains('\n'), "{told}");
    let told = refused(&folder.path().join("no/such/folder.db")).await;
    assert!(told.contains("unable to open database file"), "{told}");
}

#[tokio::test]
async fn what_has_not_failed_is_not_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, order) = (in_a(&folder).await, letter());
    let id = order.id;
    shop.push(order).await.unwrap();
    let told = shop.put_back("mail", id).await.unwrap_err().to_string();
    assert_eq!(told, format!("`mail` has no failed job {id}"));
    assert_eq!(shop.counts("mail").await.unwrap(), Counts { waiting: 1, ..Counts::default() });
}

#[tokio::test]
async fn two_days_in_one_file_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jobs.db");
    let [one, other] = ["one:", "other:"].map(|prefix| {
        let file = file.clone();
        day(async move || Sqlite::open(&file, prefix).await, 5, Board::default())
    });
    let (one, other) = tokio::join!(one, other);
    for day in [one.unwrap(), other.unwrap()] {
        assert_eq!(day.failed.len(), 3);
        assert_eq!(day.mishaps, Vec::<String>::new());
        assert_eq!(day.results.values().filter(|result| result.is_none()).count(), 2);
    }
}

#[tokio::test]
async fn what_is_no_job_is_put_back_and_fails_again() {
    let folder = tempfile::tempdir().unwrap();
    day::what_is_no_job_is_put_back_and_fails_again(in_a(&folder).await).await;
}

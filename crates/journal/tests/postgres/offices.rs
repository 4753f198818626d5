//! What the database itself refuses: rows of another office, changed events, reads beyond one's role.

use crate::{append, engine, fresh};
use okienko_drill::Postgres;
use okienko_journal::{AppendError, Engine, PostgresEngine, PostgresSettings, VaultChange, migrate};
use okienko_kernel::Moment;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub(crate) async fn an_append_reaches_only_its_own_office(server: &Postgres) {
    let journal = engine(server, &fresh(server).await);
    journal.append(&[&append("day/torun/1", 0)], &[]).await.unwrap();
    let mut foreign = append("day/torun/1", 1);
    foreign.office = "kalisz".into();
    let refused = journal.append(&[&append("other", 0), &foreign], &[]).await;
    assert!(matches!(refused, Err(AppendError::Conflict { index: 1, .. })), "{refused:?}");
    foreign.expected = 0;
    let refused = journal.append(&[&foreign], &[]).await;
    assert!(matches!(refused, Err(AppendError::Conflict { index: 0, .. })), "{refused:?}");
    let mut list = append("day/x/1", 0);
    list.office = "torun,kalisz".into();
    assert!(matches!(journal.append(&[&list], &[]).await, Err(AppendError::NotWritten(_))));
    assert_eq!(journal.head().await.unwrap(), 1);
}

pub(crate) async fn the_append_role_can_neither_change_events_nor_read_around(server: &Postgres) {
    let service = fresh(server).await;
    let schema = service.replace('-', "_");
    let journal = engine(server, &service);
    let mut torun = append("torun/a", 0);
    torun.vault = vec![VaultChange::Put { id: "p".into(), sealed: vec![1], until: Moment::from_micros(99) }];
    let mut kalisz = append("kalisz/a", 0);
    kalisz.office = "kalisz".into();
    journal.append(&[&torun, &kalisz], &[]).await.unwrap();

    let mut role = PgConnection::connect(&server.url()).await.unwrap();
    let begin = format!("SET ROLE okienko_{schema}_append; SET search_path = {schema}");
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut role).await.unwrap();
    let count = "SELECT count(*) FROM events";
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut role).await.unwrap();
    assert_eq!(seen, 0, "nothing is seen when no office is bound");
    sqlx::query("SELECT set_config('okienko.offices', 'torun', FALSE)").execute(&mut role).await.unwrap();
    let seen: Vec<String> =
        sqlx::query_scalar("SELECT stream FROM events").fetch_all(&mut role).await.unwrap();
    assert_eq!(seen, ["torun/a"]);

    let row = |stream: &str, office: &str| {
        format!("INSERT INTO events VALUES (77, '{stream}', 2, '{office}', 'x', 1, 0, 'test', '', '')")
    };
    // An append as Toruń: the new stream, its office, and the stream of the event.
    let call = |stream: &str, office: &str, of: &str| {
        format!(
            "SELECT append('{{torun}}', '{{0}}', '{{{stream}}}', '{{{office}}}', '{{0}}', '{{1}}', '{{f}}', '{{0}}',
            '{{{of}}}', '{{1}}', '{{x}}', '{{1}}', '{{0}}', '{{test}}', '{{a}}', '{{b}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}',
            '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"
        )
    };
    let forbidden = [
        (row("kalisz/a", "kalisz"), "an office that is not bound"),
        (row("kalisz/a", "torun"), "a row whose office is not its stream's"),
        ("UPDATE events SET data = ''".into(), "changing events"),
        ("DELETE FROM events".into(), "deleting events"),
        ("TRUNCATE events".into(), "emptying events"),
        ("DELETE FROM streams".into(), "deleting streams"),
        ("UPDATE streams SET office = 'kalisz'".into(), "moving a stream to another office"),
        ("SELECT sealed FROM vault".into(), "reading the vault without naming a row"),
        ("SELECT * FROM claims".into(), "reading claims without naming a key"),
        ("UPDATE head SET pos = 0".into(), "moving the head back"),
        ("SELECT take_positions(-1)".into(), "moving the head back by the function"),
        ("SELECT purge(0, 0)".into(), "purging"),
        ("SELECT take_claim('k', 'torun', 'a', 'a', 9, 0)".into(), "a claim apart from an append"),
        (row("torun/a", "torun"), "an event apart from an append"),
        (call("kalisz/b", "kalisz", "kalisz/b"), "an append for an office that is not of its batch"),
        (call("kalisz/a", "torun", "kalisz/a"), "an append to a stream as if it were of another office"),
        (call("torun/b", "torun", "kalisz/a"), "an append with an event for a stream that it does not name"),
    ];
    for (sql, what) in forbidden {
        let refused = sqlx::query(AssertSqlSafe(sql)).execute(&mut role).await;
        assert!(refused.is_err(), "{what} must be refused");
    }
    sqlx::query(AssertSqlSafe(call("torun/b", "torun", "torun/b")))
        .execute(&mut role)
        .await
        .expect("its own may be written");

    let begin = format!("RESET ROLE; SET ROLE okienko_{schema}_relay");
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut role).await.unwrap();
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut role).await.unwrap();
    assert_eq!(seen, 3, "the relay reads all");
    let refused = sqlx::query(AssertSqlSafe(row("torun/b", "torun"))).execute(&mut role).await;
    assert!(refused.is_err(), "and writes nothing");
}

/// As installed: logins without rights of their own, one for requests and one for relays.
pub(crate) async fn a_login_has_the_rights_of_its_role_and_no_others(server: &Postgres) {
    let service = fresh(server).await;
    let schema = service.replace('-', "_");
    let mut owner = PgConnection::connect(&server.url()).await.unwrap();
    let logins = format!(
        "CREATE ROLE desk LOGIN NOINHERIT; CREATE ROLE post LOGIN NOINHERIT; CREATE ROLE app LOGIN NOINHERIT;
        GRANT okienko_{schema}_append TO desk; GRANT okienko_{schema}_relay TO post"
    );
    sqlx::raw_sql(AssertSqlSafe(logins)).execute(&mut owner).await.unwrap();
    migrate(&server.url(), &service, &["app"]).await.unwrap();
    let open = |append: &str, relay: &str| {
        let mut settings = PostgresSettings::new(&server.url_of(append));
        settings.relay_url = server.url_of(relay);
        PostgresEngine::open(&settings, &service).unwrap()
    };
    let strict = open("desk", "post");
    assert_eq!(strict.append(&[&append("a", 0)], &[("c".into(), 1)]).await.unwrap(), 1);
    assert_eq!(strict.load("a", Moment::MAX).await.unwrap().events.len(), 1);
    assert_eq!(strict.read_after(0, 9).await.unwrap().len(), 1);
    assert_eq!(strict.cursor("c").await.unwrap(), 1);
    strict.purge(Moment::MAX, Moment::MAX).await.unwrap();
    assert_eq!(open("app", "app").append(&[&append("a", 1)], &[]).await.unwrap(), 2);
    let wrong = open("post", "desk");
    assert!(matches!(wrong.append(&[&append("a", 2)], &[]).await, Err(AppendError::NotWritten(_))));
    let refused = wrong.head().await.unwrap_err().to_string();
    assert!(refused.contains("okienko migrate"), "{refused}");
}

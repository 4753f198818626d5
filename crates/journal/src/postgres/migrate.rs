//! Brings a service's schema in Postgres to this version: run by the owner, apart from opening a journal, in steps that
//! an older program still running tolerates (add first, remove later). Knows nothing of what is stored.

use crate::JournalError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool};
use std::str::FromStr;

/// The steps in order; each is run once. A released one is never changed: a change is a new step.
const STEPS: [&[&str]; 2] = [
    &[include_str!("schema.sql"), include_str!("append.sql")],
    // A serving process first reads the schema's version.
    &["GRANT SELECT ON {s}.migrations TO {r}"],
];

/// Advisory lock: one migration at a time per server, whatever the service, because roles belong to the whole server.
const LOCK: i64 = 0x006f_6b69_656e_6b6f;

/// A service's schema: its name, with characters that Postgres would need quoted replaced.
pub(crate) fn schema_of(service: &str) -> Result<String, JournalError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let begins = service.starts_with(|c: char| c.is_ascii_lowercase());
    if begins && service.len() <= 40 && service.chars().all(plain) {
        return Ok(service.replace('-', "_"));
    }
    Err(JournalError(format!("{service:?} cannot name a schema: small letters, digits and hyphens only")))
}

/// The role that appends to a service's journal and loads streams from it.
pub(crate) fn append_role(schema: &str) -> String {
    format!("okienko_{schema}_append")
}

/// The role that reads all of a service's journal and serves no requests.
pub(crate) fn relay_role(schema: &str) -> String {
    format!("okienko_{schema}_relay")
}

/// Brings a service's schema to this program's version, as its owner at `url`, who must be able to create roles.
/// `logins` are granted both roles; one login per role is stricter, and then the two grants are up to the
/// administrator.
pub async fn migrate(url: &str, service: &str, logins: &[&str]) -> Result<(), JournalError> {
    let schema = schema_of(service)?;
    let wrong = |e: sqlx::Error| JournalError(format!("migration of {schema}: {e}"));
    let options = PgConnectOptions::from_str(url).map_err(wrong)?.disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await.map_err(wrong)?;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut connection).await.map_err(wrong)?;
    let done = all_steps(&mut connection, &schema, logins).await;
    connection.close().await.map_err(wrong)?;
    done.map_err(wrong)?.map_err(JournalError)
}

/// An error unless a service's schema, read through `relay`, is of this program's version or newer.
pub(crate) async fn check(relay: &PgPool, schema: &str) -> Result<(), JournalError> {
    let asked: Result<i32, sqlx::Error> =
        sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM migrations").fetch_one(relay).await;
    let found = match asked {
        Ok(found) => found as usize,
        Err(error) => {
            let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_default();
            // No such schema, table or role, or no permission yet.
            if !["3F000", "42P01", "42501", "22023"].contains(&&*code) {
                return Err(JournalError(format!(
                    "Postgres cannot be asked for the version of {schema}: {error}"
                )));
            }
            0
        }
    };
    if found < STEPS.len() {
        let known = STEPS.len();
        return Err(JournalError(format!(
            "the schema {schema} in Postgres is older than this program ({found} of {known}): run `okienko migrate` with the same settings first"
        )));
    }
    Ok(())
}

/// The user name in a Postgres URL.
pub fn login_of(url: &str) -> Result<String, JournalError> {
    let options = PgConnectOptions::from_str(url);
    let options = options.map_err(|error| JournalError(format!("the address of Postgres: {error}")))?;
    Ok(options.get_username().to_owned())
}

async fn all_steps(
    connection: &mut PgConnection,
    schema: &str,
    logins: &[&str],
) -> Result<Result<(), String>, sqlx::Error> {
    let text = |sql: &str| {
        let sql = sql.replace("{s}", schema).replace("{a}", &append_role(schema));
        AssertSqlSafe(sql.replace("{r}", &relay_role(schema)))
    };
    for role in [append_role(schema), relay_role(schema)] {
        let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_roles WHERE rolname = $1")
            .bind(&role)
            .fetch_optional(&mut *connection)
            .await?;
        if found.is_none() {
            connection.execute(AssertSqlSafe(format!("CREATE ROLE {role} NOLOGIN"))).await?;
        }
        for login in logins {
            let login = login.replace('"', "\"\"");
            connection.execute(AssertSqlSafe(format!("GRANT {role} TO \"{login}\""))).await?;
        }
    }
    let table = "CREATE SCHEMA IF NOT EXISTS {s};
        CREATE TABLE IF NOT EXISTS {s}.migrations (version INTEGER PRIMARY KEY)";
    sqlx::raw_sql(text(table)).execute(&mut *connection).await?;
    let newest = text("SELECT coalesce(max(version), 0) FROM {s}.migrations");
    let found: i32 = sqlx::query_scalar(newest).fetch_one(&mut *connection).await?;
    if found as usize > STEPS.len() {
        let known = STEPS.len();
        return Ok(Err(format!(
            "{schema} is of version {found}, this program knows {known}: start a newer okienko on it"
        )));
    }
    for (step, texts) in STEPS.iter().enumerate().skip(found as usize) {
        let mut transaction = connection.begin().await?;
        for sql in *texts {
            sqlx::raw_sql(text(sql)).execute(&mut *transaction).await?;
        }
        let note = text("INSERT INTO {s}.migrations (version) VALUES ($1)");
        sqlx::query(note).bind(step as i32 + 1).execute(&mut *transaction).await?;
        transaction.commit().await?;
        tracing::info!(schema, version = step + 1, "journal migrated");
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::super::lint;
    use super::{STEPS, schema_of};
    use sha2::{Digest, Sha256};

    /// The hash of each released step. Add one when a step is released.
    const RELEASED: [&str; 2] = ["0a2cab7c853ba6d5", "d0c32456a08da016"];

    #[test]
    fn every_step_after_the_first_is_one_that_the_running_version_bears() {
        for (number, step) in STEPS.iter().enumerate().skip(1) {
            let found: Vec<String> = step.iter().flat_map(|sql| lint::faults(sql)).collect();
            assert!(found.is_empty(), "step {}: {found:#?}", number + 1);
        }
    }

    #[test]
    fn a_step_that_was_released_is_never_changed() {
        for (number, (step, released)) in STEPS.iter().zip(RELEASED).enumerate() {
            let hash = Sha256::digest(step.concat());
            let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, released, "step {} was released: write another one", number + 1);
        }
        assert!(STEPS.len() >= RELEASED.len());
    }

    #[test]
    fn a_service_names_its_schema_and_nothing_else_can() {
        assert_eq!(schema_of("sms-gateway").unwrap(), "sms_gateway");
        for bad in ["", "Queue", "a;b", "a b", "-a", "1a", "a\"b"] {
            assert!(schema_of(bad).is_err(), "{bad}");
        }
    }
}

//! Finds statements in a migration that would break an older program still running, or that would wait for it. Add
//! first, then roll out, and remove only what no running version uses any more. Pure; for tests.

/// Beginnings of refused statements, each with what to do instead.
const REFUSED: [(&str, &str); 12] = [
    ("DROP TABLE", "take it away in the version after the one that no longer asks for it"),
    ("DROP COLUMN", "take it away in the version after the one that no longer asks for it"),
    ("DROP FUNCTION", "the older version calls it: add another under a new name"),
    ("DROP SCHEMA", "nothing is dropped with its data"),
    ("RENAME", "add the new name beside the old one"),
    (
        "SET NOT NULL",
        "the older version writes rows without it: give it a default first, check it in a later version",
    ),
    ("ALTER COLUMN", "add another column beside it"),
    ("TRUNCATE", "the journal is never emptied"),
    ("LOCK TABLE", "everybody would wait"),
    ("UPDATE ", "a change of all rows holds them all: do it bit by bit outside of the migration"),
    ("DELETE ", "a change of all rows holds them all: do it bit by bit outside of the migration"),
    ("REVOKE", "the older version still uses that right"),
];

/// The faults of a step, statement by statement. A step with a line `-- no older version runs` may do anything: it is
/// the end of a removal prepared earlier.
pub fn faults(step: &str) -> Vec<String> {
    if step.lines().any(|line| line.trim() == "-- no older version runs") {
        return Vec::new();
    }
    let code: Vec<&str> = step.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let code = code.join(" ").to_uppercase();
    let mut found = Vec::new();
    for statement in code.split(';').map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")) {
        for (what, instead) in REFUSED {
            if statement.contains(what) {
                found.push(format!("{statement}: {instead}"));
            }
        }
        let adds = statement.contains("ADD COLUMN") && statement.contains("NOT NULL");
        if adds && !statement.contains("DEFAULT") {
            found.push(format!("{statement}: the older version writes rows without it: give it a default"));
        }
        if statement.contains("CREATE INDEX") || statement.contains("CREATE UNIQUE INDEX") {
            found.push(format!(
                "{statement}: writers wait for it: build it CONCURRENTLY, outside of the migration"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn what_the_running_version_cannot_live_with_is_found_and_what_it_can_is_not() {
        for bad in [
            "DROP TABLE {s}.claims",
            "ALTER TABLE {s}.events DROP COLUMN cause",
            "alter table {s}.events rename column at to happened",
            "ALTER TABLE {s}.events ADD COLUMN place TEXT NOT NULL",
            "ALTER TABLE {s}.events ALTER COLUMN at TYPE TEXT",
            "CREATE INDEX by_kind ON {s}.events (kind)",
            "SELECT 1; UPDATE {s}.events SET place = ''",
            "REVOKE SELECT ON {s}.events FROM {a}",
        ] {
            assert_eq!(faults(bad).len(), 1, "{bad}: {:?}", faults(bad));
        }
        for good in [
            "CREATE TABLE {s}.more (id BIGINT PRIMARY KEY, note TEXT NOT NULL)",
            "ALTER TABLE {s}.events ADD COLUMN place TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE {s}.events ADD COLUMN place TEXT -- not RENAME",
            "GRANT SELECT ON {s}.migrations TO {r}",
            "-- no older version runs\nDROP TABLE {s}.old",
        ] {
            assert_eq!(faults(good), Vec::<String>::new(), "{good}");
        }
    }
}

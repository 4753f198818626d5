//! The Debian packages that the tests need. Installs only what is missing, and only as root; otherwise lists it and
//! stops. Knows no test.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::{env, has};
use crate::shell::{run, said};

/// A package, and the programs that show that it is installed.
struct Need {
    package: &'static str,
    programs: &'static [&'static str],
    /// An environment variable with the program's path if it is elsewhere.
    variable: Option<&'static str>,
}

/// Debian keeps one folder per version.
const POSTGRES: [&str; 4] = [
    "/usr/lib/postgresql/15/bin/postgres",
    "/usr/lib/postgresql/16/bin/postgres",
    "/usr/lib/postgresql/17/bin/postgres",
    "/usr/lib/postgresql/18/bin/postgres",
];

/// Debian runs this program to ask whether a package may start its server.
const POLICY: &str = "/usr/sbin/policy-rc.d";

const NEEDS: [Need; 10] = [
    Need { package: "chromium", programs: &["/usr/bin/chromium"], variable: Some("CHROMIUM") },
    Need { package: "nodejs", programs: &["node"], variable: None },
    // Other packagings of Node include npm; Debian's is a separate package.
    Need { package: "npm", programs: &["npm"], variable: None },
    Need { package: "espeak-ng", programs: &["espeak-ng"], variable: None },
    Need { package: "python3", programs: &["python3"], variable: None },
    Need { package: "python3-pip", programs: &["pip3"], variable: None },
    // Servers that tests start privately; the ones that the packages would start are not wanted.
    Need { package: "postgresql", programs: &POSTGRES, variable: None },
    Need { package: "nats-server", programs: &["nats-server"], variable: None },
    Need { package: "redis-server", programs: &["redis-server"], variable: None },
    // `promtool` checks the alerts; `prometheus` evaluates them in the test that brings about their causes.
    Need { package: "prometheus", programs: &["promtool", "prometheus"], variable: None },
];

fn missing(has: impl Fn(&str) -> bool, env: impl Fn(&str) -> Option<String>) -> Vec<&'static str> {
    let found = |need: &Need| {
        need.programs.iter().any(|program| has(program))
            || need.variable.and_then(&env).is_some_and(|program| has(&program))
    };
    NEEDS.iter().filter(|need| !found(need)).map(|need| need.package).collect()
}

/// Ensures that every program is installed.
pub fn ensure() -> Result<()> {
    rust_components()?;
    let missing = missing(has, env);
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    if !has("apt-get") {
        bail!("missing programs; on Debian: {line}");
    }
    if said("id", &["-u"]).as_deref() != Some("0") {
        bail!("missing Debian packages; run as root: {line}");
    }
    let apt =
        |args: &[&str]| run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
    let _quiet = Quiet::keep()?;
    if !apt(&["update", "-q"])?
        || !apt(&[&["install", "-y", "-q", "--no-install-recommends"], &missing[..]].concat())?
    {
        bail!("apt failed: {line}");
    }
    Ok(())
}

/// While this guard lives, no package starts a server: the tests start their own.
struct Quiet {
    made: bool,
}

impl Quiet {
    fn keep() -> Result<Quiet> {
        let made = !has(POLICY);
        if made {
            std::fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
            std::fs::set_permissions(POLICY, std::fs::Permissions::from_mode(0o755))?;
        }
        Ok(Quiet { made })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if self.made {
            let _ = std::fs::remove_file(POLICY);
        }
    }
}

fn rust_components() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        let works = || said(program, &["--version"]).is_some();
        if works() {
            continue;
        }
        let added = has("rustup") && run(Command::new("rustup").args(["component", "add", component]))?;
        if !added || !works() {
            bail!("missing: rustup component add {component}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_absent_is_named() {
        let present = |program: &str| ["node", "npm", "python3", "pip3"].contains(&program);
        let absent = ["chromium", "espeak-ng", "postgresql", "nats-server", "redis-server", "prometheus"];
        assert_eq!(missing(present, |_| None), absent);
        assert!(missing(|_| true, |_| None).is_empty());
    }

    #[test]
    fn a_named_browser_counts_when_it_is_there() {
        let named = |name: &str| (name == "CHROMIUM").then(|| "/opt/chromium".to_owned());
        assert!(!missing(|program| program == "/opt/chromium", named).contains(&"chromium"));
        assert!(missing(|_| false, named).contains(&"chromium"));
    }
}

//! A private Prometheus that watches whom it is told to, with alert rules whose minutes may pass faster than ours.

use crate::server::{Server, bound_to_us, program};
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A running Prometheus.
pub struct Prometheus {
    server: Server,
}

impl Prometheus {
    /// Whether its program is there.
    pub fn is_installed() -> bool {
        program("prometheus").is_some()
    }

    /// Starts one that asks these (`host:port`) for `/metrics` every `every` and minds the rules of a file, in which a minute
    /// is as long as a minute divided by `faster`.
    pub fn start(targets: &[String], rules: &Path, faster: u32, every: Duration) -> Result<Prometheus> {
        let program =
            program("prometheus").context("no Prometheus here; on Debian: apt-get install prometheus")?;
        let mut server = Server::prepare("prometheus")?;
        let text = std::fs::read_to_string(rules).with_context(|| rules.display().to_string())?;
        std::fs::write(server.folder().join("rules.yml"), sped_up(&text, faster))?;
        let every = every.as_millis();
        let targets: Vec<String> = targets.iter().map(|target| format!("\"{target}\"")).collect();
        let config = format!(
            "global: {{ scrape_interval: {every}ms, scrape_timeout: {every}ms, evaluation_interval: {every}ms }}\n\
             rule_files: [rules.yml]\n\
             scrape_configs:\n  - job_name: okienko\n    static_configs: [{{ targets: [{}] }}]\n",
            targets.join(", ")
        );
        let file = server.folder().join("prometheus.yml");
        std::fs::write(&file, config)?;
        let port = server.port();
        let mut command: Command = bound_to_us("KILL");
        command.arg(program);
        command.arg(format!("--config.file={}", file.display()));
        command.arg(format!("--storage.tsdb.path={}", server.folder().join("data").display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        server.start(command, || is_ready(port).unwrap_or(false))?;
        Ok(Prometheus { server })
    }

    /// Where it answers.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port())
    }
}

fn is_ready(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"GET /-/ready HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1) == Some("200"))
}

/// Rules whose spans of time are shorter: ranges, `for` and `offset`; what stands in seconds in an expression stays.
fn sped_up(rules: &str, faster: u32) -> String {
    let mut out = String::with_capacity(rules.len());
    let mut rest = rules;
    while let Some((at, mark)) = ["[", "for: ", "offset "]
        .iter()
        .filter_map(|mark| Some((rest.find(mark)?, *mark)))
        .min_by_key(|(at, _)| *at)
    {
        let (before, after) = rest.split_at(at + mark.len());
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let unit = after[digits..].chars().next();
        let ends = after[digits..].chars().nth(1).is_none_or(|c| !c.is_ascii_alphanumeric());
        let seconds = match unit.filter(|_| digits > 0 && ends) {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            _ => {
                rest = after;
                continue;
            }
        };
        let count: u64 = after[..digits].parse().unwrap_or_default();
        out.push_str(&format!("{}ms", count * seconds * 1000 / u64::from(faster)));
        rest = &after[digits + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::sped_up;

    #[test]
    fn minutes_of_rules_pass_faster_and_all_else_stays() {
        let rules =
            "rule_files: [a]\nexpr: rate(x{a=\"5m\"}[5m]) > 60 * 86400 or y offset 10m\nfor: 1h\nfor: whom\n";
        let wanted = "rule_files: [a]\nexpr: rate(x{a=\"5m\"}[5000ms]) > 60 * 86400 or y offset 10000ms\nfor: 60000ms\nfor: whom\n";
        assert_eq!(sped_up(rules, 60), wanted);
    }
}

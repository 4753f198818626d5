//! One booking with a code by SMS through an installation of many processes, and everything that they report of it to a
//! collector: whether it is a single trace, across processes and the bus, and a picture of it.

use crate::House;
use crate::cluster::Plan;
use crate::collector::{Collector, Span};
use crate::house::MORNING;
use crate::visit::{Wish, fill, hold, message, read_code, send_code};
use anyhow::{Context, Result, ensure};
use http::Method;
use okienko_trace::Trace;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// The longest wait: processes export spans every few seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// The trace context that a caller's own program sends: the example of the W3C recommendation.
const THEIRS: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const PHONE: &str = "+48601222333";

/// What was reported of one booking.
pub struct Traced {
    /// Its spans, in order of their start.
    pub spans: Vec<Span>,
    /// The span that held the hour: it has a trace of its own and links to this one.
    pub before: Span,
}

/// Books an hour and waits until everything is reported.
pub async fn run() -> Result<Traced> {
    let collector = Collector::start().await?;
    let plan = Plan { settings: collector.settings(), ..Plan::new(1, MORNING) };
    let house = House::of(plan).await?;
    let client = &house.client;
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "10:00");
    let hold = hold(client, &wish).await?;
    fill(client, &hold, "Anna Nowak").await?;
    send_code(client, &hold, PHONE).await?.expect(202)?;
    let code = read_code(&house, PHONE, 1).await?;
    // The program that books sends a trace context of its own.
    let body = json!({"code": code}).to_string();
    let path = format!("/api/v1/holds/{}/confirm", hold.id);
    let theirs = [("traceparent", THEIRS)];
    let asked = client.with(&hold.secret).ask(Method::POST, &path, Some(body), &theirs).await?;
    asked.expect(200)?;
    message(&house, PHONE, 2).await?;
    let id = Trace::of_seed(&hold.id).id();
    let told = async {
        loop {
            let spans = collector.trace(&id);
            let before = collector.belonging_with(&id).into_iter().next();
            match before {
                Some(before) if is_whole(&spans).is_ok() => return Traced { spans, before },
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    let traced = told.map_err(|_| match is_whole(&collector.trace(&id)) {
        Err(missing) => missing,
        Ok(()) => anyhow::anyhow!("nothing says that the hold belongs with it"),
    })?;
    ensure!(traced.before.trace != id, "the hold is a request of its own");
    every_process_tells_figures(&collector)?;
    Ok(traced)
}

fn every_process_tells_figures(collector: &Collector) -> Result<()> {
    let metrics = collector.metrics();
    for process in ["booking", "sms-gateway", "queue", "display"] {
        let told = metrics.get(process).with_context(|| format!("{process} tells no figures"))?;
        ensure!(told.contains("okienko_info"), "{process}: {told:?}");
    }
    ensure!(metrics["booking"].contains("okienko_commands_total"), "{metrics:?}");
    Ok(())
}

/// Checks that the spans cover the whole booking and that each is under its cause.
fn is_whole(spans: &[Span]) -> Result<()> {
    let find = |process: &str, name: &str| {
        let found = spans.iter().find(|span| span.process == process && span.name == name);
        found.with_context(|| {
            let told: Vec<_> = spans.iter().map(|span| format!("{} {}", span.process, span.name)).collect();
            format!("{process} tells nothing of {name}; told was {told:#?}")
        })
    };
    let cause = |of: &Span| spans.iter().find(|span| span.id == of.parent);
    let under = |inner: &Span, outer: &Span| {
        let mut at = Some(inner);
        while let Some(span) = at {
            if span.id == outer.id {
                return true;
            }
            at = cause(span);
        }
        false
    };
    let asked = find("booking", "POST /api/v1/holds/{hold}/code")?;
    let confirmed = find("booking", "POST /api/v1/holds/{hold}/confirm")?;
    let linked = confirmed.links.iter().any(|link| THEIRS.contains(&**link));
    ensure!(
        linked && !THEIRS.contains(&confirmed.trace),
        "a stranger's trace is linked and not followed: {confirmed:?}"
    );
    let called = spans.iter().filter(|span| span.process == "sms-gateway" && span.kind == 2);
    let called: Vec<&Span> = called.collect();
    let carried: Vec<&Span> =
        spans.iter().filter(|span| span.process == "sms-gateway" && span.name == "provider").collect();
    ensure!(
        carried.len() == 2,
        "{} messages were carried out, not the code and the confirmation",
        carried.len()
    );
    ensure!(called.iter().any(|call| under(call, asked)), "the call for a code is not under its request");
    ensure!(under(carried[0], asked), "the code's message is not under the request for it");
    ensure!(under(carried[1], confirmed), "the confirmation's message is not under what it confirms");
    let published = find("booking", "publish reservation_confirmed")?;
    let taken = find("queue", "take reservation_confirmed")?;
    ensure!(under(published, confirmed), "what the bus was given is not under the confirmation");
    ensure!(taken.parent == published.id, "what queue has taken is not what booking has published");
    let admitted = spans.iter().find(|span| span.process == "queue" && span.name.starts_with("command "));
    ensure!(admitted.is_some_and(|command| under(command, taken)), "queue has done nothing with it");
    // The root spans are the requests of one person, who has no span of their own.
    let roots: Vec<&Span> = spans.iter().filter(|span| cause(span).is_none()).collect();
    ensure!(roots.iter().all(|span| span.process == "booking" && span.kind == 2), "{roots:#?}");
    let parents: BTreeSet<&str> = roots.iter().map(|span| span.parent.as_str()).collect();
    ensure!(parents.len() == 1, "{parents:?}");
    Ok(())
}

/// The trace as lines of text: the start and duration of each span, its process, and its parent.
pub fn table(spans: &[Span]) -> String {
    let first = spans.iter().map(|span| span.begun).min().unwrap_or_default();
    let millis = |nanos: u64| nanos as f64 / 1e6;
    let rows = tree(spans).into_iter().map(|(depth, span)| {
        let (after, took) = (millis(span.begun - first), millis(span.ended.saturating_sub(span.begun)));
        let name = format!("{}{}", "  ".repeat(depth), span.name);
        format!("{after:>8.1} {took:>8.2}  {:<12} {name}", span.process)
    });
    let rows: Vec<String> = rows.collect();
    format!("after ms  took ms  process      span\n{}", rows.join("\n"))
}

/// Spans with their depth, each after its parent.
fn tree(spans: &[Span]) -> Vec<(usize, &Span)> {
    fn below<'a>(spans: &'a [Span], of: &'a Span, depth: usize, all: &mut Vec<(usize, &'a Span)>) {
        all.push((depth, of));
        for span in spans.iter().filter(|span| span.parent == of.id) {
            below(spans, span, depth + 1, all);
        }
    }
    let mut all = Vec::new();
    for root in spans.iter().filter(|span| spans.iter().all(|other| other.id != span.parent)) {
        below(spans, root, 0, &mut all);
    }
    all
}

/// The trace as a picture: one row per span, one colour per process.
pub fn picture(spans: &[Span]) -> String {
    const ROW: usize = 22;
    const LEFT: f64 = 470.0;
    const WIDTH: f64 = 1180.0;
    let first = spans.iter().map(|span| span.begun).min().unwrap_or_default();
    let last = spans.iter().map(|span| span.ended).max().unwrap_or_default();
    let scale = (WIDTH - LEFT - 90.0) / (last.saturating_sub(first).max(1)) as f64;
    let colour = |process: &str| match process {
        "booking" => "#1d4ed8",
        "sms-gateway" => "#b45309",
        "queue" => "#047857",
        _ => "#6d28d9",
    };
    let rows = tree(spans);
    let height = ROW * (rows.len() + 2);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (at, process) in ["booking", "sms-gateway", "queue"].iter().enumerate() {
        let x = 12 + at * 130;
        svg.push_str(&format!(
            "<rect x=\"{x}\" y=\"9\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{}\"/><text x=\"{}\" y=\"20\" fill=\"#111\">{process}</text>\n",
            colour(process),
            x + 18,
        ));
    }
    for (row, (depth, span)) in rows.into_iter().enumerate() {
        let y = ROW * (row + 1) + 12;
        let x = LEFT + (span.begun - first) as f64 * scale;
        let width = (span.ended.saturating_sub(span.begun) as f64 * scale).max(2.0);
        let took = span.ended.saturating_sub(span.begun) as f64 / 1e6;
        let name = span.name.replace('&', "&amp;").replace('<', "&lt;");
        if row % 2 == 0 {
            svg.push_str(&format!(
                "<rect x=\"0\" y=\"{y}\" width=\"{WIDTH}\" height=\"{ROW}\" fill=\"#f4f4f5\"/>\n"
            ));
        }
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" fill=\"#111\">{name}</text>\
             <rect x=\"{x:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"12\" rx=\"2\" fill=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{}\" fill=\"#444\" font-size=\"11\">{took:.1} ms</text>\n",
            12 + depth * 16,
            y + 16,
            y + 5,
            colour(&span.process),
            x + width + 5.0,
            y + 15,
        ));
    }
    svg.push_str("</svg>\n");
    svg
}

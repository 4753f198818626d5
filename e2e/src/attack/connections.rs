//! Connections that never become a request, and unlimited streams from one address. After its timeout none of them
//! survives; meanwhile, and also with few file descriptors left, people are answered. Knows only the outside surface.

use super::{Borne, Size, honest_visit};
use crate::client::NoStream;
use crate::house::House;
use anyhow::{Context, Result, ensure};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// None may survive this long: a silent connection has the longest timeout, a minute, and the server may need a moment
/// more.
const OVER: Duration = Duration::from_secs(75);

/// Streams allowed per network: the program's own limit, generous for halls with many screens.
const CAP: usize = 1_000;

/// What is sent and never completed.
const KINDS: [(&str, &[u8]); 8] = [
    ("silent", b""),
    ("half a request line", b"GET /api/v1/off"),
    ("half a header", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "),
    ("headers without an end", b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n"),
    (
        "half a body",
        b"POST /api/v1/offices/torun/holds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"loc",
    ),
    (
        "a body in pieces without a last one",
        b"POST /api/v1/offices/torun/holds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"loc\r\n",
    ),
    ("an HTTP/2 preface alone", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("half an HTTP/2 preface", b"PRI * HTTP/2.0\r\n"),
];

/// Half requests, oversized bodies, and streams; then a program with few descriptors.
pub async fn run(house: &House, size: Size) -> Result<Vec<Borne>> {
    Ok(vec![
        unfinished(house, size.connections).await?,
        announced(house).await?,
        streams(house, size.streams).await?,
    ])
}

fn address(house: &House) -> &str {
    house.client.base().trim_start_matches("http://")
}

/// `each` connections of each kind, and one that sends one byte per second.
async fn unfinished(house: &House, each: u32) -> Result<Borne> {
    let (to, begun) = (address(house).to_owned(), Instant::now());
    let mut open = Vec::new();
    for (kind, bytes) in KINDS {
        for _ in 0..each {
            let mut connection = TcpStream::connect(&to).await.context("connecting")?;
            connection.write_all(bytes).await?;
            open.push((kind, connection));
        }
    }
    // It would live forever if each byte restarted its timeout.
    let dripping = async {
        let mut connection = TcpStream::connect(&to).await?;
        connection.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await?;
        while begun.elapsed() < OVER {
            if connection.write_all(b"z").await.is_err()
                || closed(&mut connection, Duration::from_secs(1)).await
            {
                return Ok(());
            }
        }
        anyhow::bail!("a connection that sends a letter each second lives")
    };
    let honest = async {
        for n in 0..3 {
            honest_visit(house, 200 + n).await?;
        }
        anyhow::Ok(())
    };
    let (dripped, served) = tokio::join!(dripping, honest);
    served.context("beside unfinished requests")?;
    dripped?;
    let mut alive = std::collections::BTreeMap::new();
    for (kind, connection) in &mut open {
        let left = (OVER.saturating_sub(begun.elapsed())).max(Duration::from_millis(20));
        if !closed(connection, left).await {
            *alive.entry(*kind).or_insert(0) += 1;
        }
    }
    ensure!(alive.is_empty(), "alive after {} s: {alive:?}", OVER.as_secs());
    let outcome =
        format!("{} of each of {} kinds, all closed; three people booked meanwhile", each, KINDS.len());
    Ok(Borne::new("connections that never become a request", outcome))
}

/// Whether the server closes it within that time; anything it sends before is ignored.
async fn closed(connection: &mut TcpStream, within: Duration) -> bool {
    let mut buffer = [0; 1024];
    let ending = async {
        loop {
            match connection.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    tokio::time::timeout(within, ending).await.is_ok()
}

/// A body announced as ten gigabytes is refused at once.
async fn announced(house: &House) -> Result<Borne> {
    let sizes = ["10000000000", "99999999999999999999", "70000", "18446744073709551615"];
    for size in sizes {
        for (method, path) in [
            ("POST", "/api/v1/offices/torun/holds"),
            ("PUT", "/api/v1/holds/a/form"),
            ("POST", "/torun/book"),
            ("POST", "/nowhere"),
        ] {
            let mut connection = TcpStream::connect(address(house)).await?;
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
            );
            connection.write_all(head.as_bytes()).await?;
            let mut buffer = vec![0; 256];
            let read = tokio::time::timeout(Duration::from_secs(8), connection.read(&mut buffer)).await;
            let read = read.with_context(|| format!("{method} {path} with {size} bytes is waited for"))??;
            let told = String::from_utf8_lossy(&buffer[..read]);
            let status = told.split_whitespace().nth(1).unwrap_or("closed");
            ensure!(
                ["413", "400", "404", "405", "431", "closed"].contains(&status),
                "{method} {path} with {size}: {told}"
            );
        }
    }
    Ok(Borne::new(
        "bodies of 70 kB to 18 exabytes, announced",
        format!("{} refused before a byte of them came", sizes.len() * 4),
    ))
}

/// One address behind a proxy that opens streams without end; others still get theirs.
async fn streams(house: &House, count: u32) -> Result<Borne> {
    let path = "/api/v1/halls/torun/glowny/events";
    let (greedy, mut open, mut refused) = (house.client.from("198.51.100.200"), Vec::new(), 0);
    // One file per connection on each side, and some more for everybody else.
    let (soft, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most.min(soft.max(u64::from(2 * count) + 1_000)), most)?;
    // A machine with a low file limit cannot exceed the cap.
    let count = count.min(u32::try_from(most / 2).unwrap_or(u32::MAX).saturating_sub(500));
    for _ in 0..count {
        match greedy.listen(path, None).await {
            Ok(stream) => open.push(stream),
            Err(error) if error.downcast_ref::<NoStream>().is_some_and(|no| no.0 == 429) => refused += 1,
            Err(error) => return Err(error.context("a stream that was neither given nor refused")),
        }
    }
    let is_held = open.len() <= CAP && (refused > 0 || count as usize <= CAP);
    ensure!(is_held, "one address has {} of {count} streams", open.len());
    let mut screen =
        house.client.from("198.51.100.201").listen(path, None).await.context("another's screen")?;
    let _ = tokio::time::timeout(Duration::from_secs(1), screen.next()).await;
    honest_visit(house, 210).await.context("beside many streams")?;
    drop(open);
    let again = async {
        while greedy.listen(path, None).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again)
        .await
        .context("its streams are gone, and none is given again")?;
    Ok(Borne::new(
        "event streams from one address",
        format!("{count} asked for, {refused} refused; others were given theirs"),
    ))
}

/// A program that may open 256 files gets 400 half requests from one address: it still answers everyone else.
pub async fn few_descriptors() -> Result<Borne> {
    let house = House::with_descriptors(256).await?;
    let mut open = Vec::new();
    for n in 0..400 {
        let mut connection = TcpStream::connect(address(&house)).await.context("connecting")?;
        let _ = connection.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
        open.push(connection);
        if n % 100 == 99 {
            house.client.get("/healthz").await.context("health beside half requests")?.expect(200)?;
        }
    }
    honest_visit(&house, 1).await.context("beside 400 half requests with 256 descriptors")?;
    house.client.get("/readyz").await?.expect(200)?;
    Ok(Borne::new("400 half requests where 256 files may be open", "health answers, somebody booked"))
}

//! The mail side: as much of SMTP as a relay needs for one mail to one person, read back into words.

use crate::FakeProvider;
use crate::book::{AcceptedMessage, Channel};
use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The longest talk.
const LONGEST: u64 = 1024 * 1024;

pub(crate) async fn serve(provider: FakeProvider, listener: TcpListener) {
    let mut talks = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while talks.try_join_next().is_some() {}
        let provider = provider.clone();
        talks.spawn(async move {
            if let Err(error) = talk(&provider, stream).await {
                tracing::debug!(%error, "a mail was not taken");
            }
        });
    }
}

async fn talk(provider: &FakeProvider, stream: TcpStream) -> Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(LONGEST)).lines();
    let mut to = None;
    write.write_all(b"220 fake\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-fake\r\n250 8BITMIME",
            "HELO" | "MAIL" | "RSET" | "NOOP" => "250 good",
            "RCPT" => {
                to = line
                    .split_once('<')
                    .and_then(|(_, rest)| rest.split_once('>'))
                    .map(|(to, _)| to.to_owned());
                "250 good"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut mail = Vec::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
                }
                keep(provider, to.take().context("a mail to nobody")?, &mail)?;
                "250 taken"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 what?",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn keep(provider: &FakeProvider, to: String, mail: &[String]) -> Result<()> {
    let end = mail.iter().position(String::is_empty).context("a mail without a body")?;
    let head = unfolded(&mail[..end]);
    let header = |name: &str| {
        let found = head
            .iter()
            .find_map(|line| line.split_once(": ").filter(|(own, _)| own.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    ensure!(header("Content-Transfer-Encoding") == "base64", "a body that is not base64");
    let text = BASE64.decode(mail[end + 1..].concat().as_bytes())?;
    let from = header("From");
    let idx = header("Message-ID").trim_start_matches('<').split('@').next().unwrap_or_default().to_owned();
    let sent = AcceptedMessage {
        id: String::new(),
        idx,
        at: provider.now(),
        channel: Channel::Email,
        to,
        sender: words(from.split('<').next().unwrap_or_default())?,
        subject: Some(words(&header("Subject"))?),
        text: String::from_utf8(text)?.replace("\r\n", "\n"),
        arrived: true,
        by_key: false,
        asked: 1,
    };
    provider.0.book.lock().keep(sent);
    Ok(())
}

/// Lines that begin with a blank belong to the one before.
fn unfolded(head: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in head {
        match lines.last_mut().filter(|_| line.starts_with(' ')) {
            Some(last) => last.push_str(line),
            None => lines.push(line.clone()),
        }
    }
    lines
}

/// The text of a header: of encoded words a blank between two is none, others stand as they are.
fn words(text: &str) -> Result<String> {
    let mut plain = Vec::new();
    for word in text.split_whitespace() {
        let frame = word.get(..10).filter(|frame| frame.eq_ignore_ascii_case("=?UTF-8?B?"));
        match frame.and_then(|_| word[10..].strip_suffix("?=")) {
            Some(inner) => plain.extend(BASE64.decode(inner.as_bytes())?),
            None => plain.extend(format!(" {} ", word.trim_matches('"')).bytes()),
        }
    }
    Ok(String::from_utf8(plain)?.split_whitespace().collect::<Vec<_>>().join(" "))
}

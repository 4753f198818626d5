//! Mail by SMTP to the office's own relay, one connection for each mail. The relay is on the installation's network: it knows
//! us by our address, gives each mail its date, and speaks with the world under encryption.

use super::{BadAddress, mail};
use crate::domain::Reason;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long the whole talk may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// An answer of a relay is a few lines.
const LONGEST: u64 = 16 * 1024;

/// A mail relay.
pub struct Smtp {
    relay: String,
    from: String,
}

impl Smtp {
    /// Its name as a provider.
    pub const NAME: &'static str = "smtp";

    /// A relay at `host:port`; mails come from the address `from`.
    pub fn new(relay: &str, from: &str) -> Result<Smtp, BadAddress> {
        let port =
            relay.rsplit_once(':').and_then(|(host, port)| (!host.is_empty()).then(|| port.parse::<u16>()));
        if !matches!(port, Some(Ok(_))) {
            return Err(BadAddress(format!("{relay} is no host with a port, e.g. relay.example.pl:25")));
        }
        let plain = |c: char| c.is_ascii_graphic() && !"<>".contains(c);
        if from.split('@').filter(|part| !part.is_empty()).count() != 2 || !from.chars().all(plain) {
            return Err(BadAddress(format!("{from} is no mail address")));
        }
        Ok(Smtp { relay: relay.to_owned(), from: from.to_owned() })
    }

    async fn hand_over(&self, message: &OutMessage) -> Result<(), ProviderFault> {
        let stream = TcpStream::connect(&self.relay).await.map_err(|_| again("smtp not reached"))?;
        let mut talk = Talk(BufReader::new(stream));
        let host = self.from.rsplit('@').next().unwrap_or("localhost");
        talk.hear().await?;
        talk.say(&format!("EHLO {host}")).await?;
        talk.say(&format!("MAIL FROM:<{}>", self.from)).await?;
        talk.say(&format!("RCPT TO:<{}>", message.to)).await?;
        talk.say("DATA").await?;
        talk.say(&format!("{}.", mail::written(message, &self.from))).await?;
        // Taken is taken, whether the goodbye is heard or not.
        let _ = talk.say("QUIT").await;
        Ok(())
    }
}

struct Talk(BufReader<TcpStream>);

impl Talk {
    async fn say(&mut self, line: &str) -> Result<(), ProviderFault> {
        let line = format!("{line}\r\n");
        self.0.get_mut().write_all(line.as_bytes()).await.map_err(|_| again("smtp connection lost"))?;
        self.hear().await
    }

    /// The end of an answer, and whether it is a good one.
    async fn hear(&mut self) -> Result<(), ProviderFault> {
        let mut answer = (&mut self.0).take(LONGEST);
        let mut line = String::new();
        loop {
            line.clear();
            let read = answer.read_line(&mut line).await;
            if !read.is_ok_and(|length| length > 0) {
                return Err(again("smtp connection lost"));
            }
            // `250-` goes on, `250 ` ends.
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
        let code = line.get(..3).unwrap_or_default();
        let reason = Reason::new(&format!("smtp {code}"));
        match code.as_bytes().first() {
            Some(b'2' | b'3') => Ok(()),
            // Refused for good: this mail, or us. The relay's own words may hold an address.
            Some(b'5') if matches!(code, "530" | "535" | "554") => Err(ProviderFault::CallOperator(reason)),
            Some(b'5') => Err(ProviderFault::Never(reason)),
            _ => Err(ProviderFault::Again(reason)),
        }
    }
}

fn again(why: &str) -> ProviderFault {
    ProviderFault::Again(Reason::new(why))
}

#[async_trait]
impl Provider for Smtp {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let handed = tokio::time::timeout(PATIENCE, self.hand_over(&message)).await;
        handed.map_err(|_| again("smtp no answer in time"))??;
        // Relays answer in words of their own; our id is in the mail's head.
        Ok(ProviderReceipt::new(Self::NAME, &message.id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_needs_a_port_and_a_sender_an_address() {
        assert!(Smtp::new("relay.example.pl:25", "urzad@example.pl").is_ok());
        for (relay, from) in [
            ("relay.example.pl", "urzad@example.pl"),
            (":25", "urzad@example.pl"),
            ("relay:x", "urzad@example.pl"),
            ("relay:25", "urzad"),
            ("relay:25", "a@b>\r\nRCPT TO:<c@d"),
        ] {
            assert!(Smtp::new(relay, from).is_err(), "{relay} {from:?}");
        }
    }
}

//! Mail by SMTP to a relay: the office's own on the installation's network, or a provider's with a login. Knows no
//! outbox.

use super::BadAddress;
use crate::domain::Reason;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use lettre::message::header::{ContentTransferEncoding, ContentType, MIME_VERSION_1_0};
use lettre::message::{Body, Mailbox};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::fmt;
use std::time::Duration;

/// Time limit for the whole SMTP session. The library only limits connecting: a relay that accepts the connection and
/// then stays silent would occupy a slot of the outbox forever.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection to a relay is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encryption {
    /// Not at all: for a relay on the installation's own network.
    #[default]
    None,
    /// STARTTLS, required: otherwise nothing is sent (usually port 587).
    StartTls,
    /// TLS from the first byte on (usually port 465).
    Tls,
}

/// The relay that accepts mails.
#[derive(Clone)]
pub struct Relay {
    /// `host:port`.
    pub address: String,
    /// Its encryption.
    pub encryption: Encryption,
    /// User and password, if required.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({:?}, {})",
            self.address,
            self.encryption,
            if self.login.is_some() { "login" } else { "no login" }
        )
    }
}

/// A mail relay.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl Smtp {
    /// Its name as a provider.
    pub const NAME: &'static str = "smtp";

    /// A relay; mails are sent from the address `from`.
    pub fn new(relay: &Relay, from: &str) -> Result<Smtp, BadAddress> {
        let address = &relay.address;
        let parts = address.rsplit_once(':').filter(|(host, _)| !host.is_empty());
        let parts = parts.and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
        let Some((host, port)) = parts else {
            return Err(BadAddress(format!("{address} is no host with a port, e.g. relay.example.pl:25")));
        };
        let from: Address = from.parse().map_err(|_| BadAddress(format!("{from} is no mail address")))?;
        let checked = || {
            TlsParameters::new(host.to_owned())
                .map_err(|_| BadAddress(format!("{host} has no certificate's name")))
        };
        let tls = match relay.encryption {
            Encryption::None => Tls::None,
            Encryption::StartTls => Tls::Required(checked()?),
            Encryption::Tls => Tls::Wrapper(checked()?),
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .hello_name(ClientId::Domain(from.domain().to_owned()))
            .timeout(Some(PATIENCE));
        let transport = match &relay.login {
            Some((user, password)) => transport.credentials(Credentials::new(user.clone(), password.clone())),
            None => transport,
        };
        Ok(Smtp { transport: transport.build(), from })
    }
}

/// The complete mail. The message's id lets readers recognise duplicates, and base64 ensures that no line can be an
/// SMTP command.
fn written(message: &OutMessage, from: &Address) -> Result<Message, &'static str> {
    let to: Address = message.to.parse().map_err(|_| "no mail address")?;
    let text = Body::new_with_encoding(message.text.clone(), ContentTransferEncoding::Base64);
    Message::builder()
        .from(Mailbox::new(Some(line(&message.sender)), from.clone()))
        .to(Mailbox::new(None, to))
        .subject(line(message.subject.as_deref().unwrap_or_default()))
        .message_id(Some(format!("<{}@{}>", message.id, from.domain())))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(text.map_err(|_| "a text that cannot be written")?)
        .map_err(|_| "a mail that cannot be written")
}

/// A header's text without control characters: a line break would start another header, and makes the library panic.
fn line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// How the outbox treats a relay's answer. Its own text may contain an address, so it is not kept.
fn fault(error: &lettre::transport::smtp::Error) -> ProviderFault {
    let Some(code) = error.status().map(|code| code.to_string()) else {
        let why = if error.is_timeout() { "smtp no answer in time" } else { "smtp not reached or lost" };
        return ProviderFault::Again(Reason::new(why));
    };
    let reason = Reason::new(&format!("smtp {code}"));
    match code.as_str() {
        // Refused permanently: either us, or this mail.
        "530" | "535" | "554" => ProviderFault::CallOperator(reason),
        _ if code.starts_with('5') => ProviderFault::Never(reason),
        _ => ProviderFault::Again(reason),
    }
}

#[async_trait]
impl Provider for Smtp {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let mail = written(&message, &self.from).map_err(|why| ProviderFault::Never(Reason::new(why)))?;
        // One connection per mail: an aborted session must not be continued by the next mail.
        let sent = tokio::time::timeout(PATIENCE, self.transport.send(mail)).await;
        let late = |_| ProviderFault::Again(Reason::new("smtp no answer in time"));
        sent.map_err(late)?.map_err(|error| fault(&error))?;
        // Relays answer in free text; our id is in the mail's header.
        Ok(ProviderReceipt::new(Self::NAME, &message.id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Channel;
    use data_encoding::BASE64;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Id, IdKind, Way};

    #[tokio::test]
    async fn a_relay_needs_a_port_and_a_sender_an_address() {
        let relay =
            |address: &str| Relay { address: address.into(), encryption: Encryption::Tls, login: None };
        assert!(Smtp::new(&relay("relay.example.pl:25"), "urzad@example.pl").is_ok());
        for (address, from) in [
            ("relay.example.pl", "urzad@example.pl"),
            (":25", "urzad@example.pl"),
            ("relay:x", "urzad@example.pl"),
            ("relay:25", "urzad"),
            ("relay:25", "a@b>\r\nRCPT TO:<c@d"),
        ] {
            assert!(Smtp::new(&relay(address), from).is_err(), "{address} {from:?}");
        }
    }

    #[test]
    fn nothing_that_was_written_becomes_a_header_or_a_command() {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        let message = OutMessage {
            id: Id::new(IdKind::Message, way, &SeededEntropy::new(1)),
            office: "torun".into(),
            channel: Channel::Email,
            to: "jan@example.org".into(),
            sender: "Urząd\r\nBcc: all@example.org".into(),
            subject: Some("ż".repeat(60)),
            text: "line\r\n.\r\nMAIL FROM:<x>".repeat(9),
            held_by: None,
        };
        let mail = written(&message, &"urzad@example.pl".parse().unwrap()).unwrap().formatted();
        let mail = String::from_utf8(mail).unwrap();
        assert!(mail.lines().all(|line| line.len() <= 78 && line != "."), "{mail}");
        assert!(!mail.contains("\r\nBcc") && !mail.contains("MAIL FROM"), "{mail}");
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Message-ID: <{}@example.pl>", message.id)), "{head}");
        let text = BASE64.decode(body.replace("\r\n", "").as_bytes()).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), message.text);
        let injected = OutMessage { to: "jan@example.org>\r\nRCPT TO:<eve@example.org".into(), ..message };
        assert!(written(&injected, &"urzad@example.pl".parse().unwrap()).is_err());
    }
}

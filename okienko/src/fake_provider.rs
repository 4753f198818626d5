//! `okienko fake-provider`: an SMS provider and a mail relay to test against, which keep everything sent to them.

use anyhow::Context;
use clap::Args;
use okienko_fake_provider::FakeProvider;
use okienko_host::WallClock;
use okienko_kernel::{Clock, Zone};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Where it listens.
#[derive(Args)]
pub struct Options {
    /// Where SMSAPI's and Twilio's HTTP are served; port 0 means any
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Where SMTP is served; port 0 means any
    #[arg(long, default_value = "127.0.0.1:8025")]
    mail: SocketAddr,
    /// The only token that is good; without it every one is
    #[arg(long)]
    token: Option<String>,
}

/// Runs it until it is stopped.
pub fn run(options: Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let http = TcpListener::bind(options.listen).await.with_context(|| format!("{}", options.listen))?;
        let mail = TcpListener::bind(options.mail).await.with_context(|| format!("{}", options.mail))?;
        let zone = Zone::named("Europe/Warsaw").context("the zone of Poland")?;
        let now = Box::new(move || zone.rfc3339(WallClock.now()));
        let provider = FakeProvider::new(options.token.as_deref(), now);
        let at = http.local_addr()?;
        say!("SMSAPI: http://{at}/sms.do");
        say!("Twilio: http://{at}/2010-04-01/Accounts/AC…/Messages.json");
        say!("mail: {}", mail.local_addr()?);
        say!("GET /admin/messages?to=…, DELETE /admin/messages, POST /admin/behave, POST /admin/reports");
        say!(r#"e.g. {{"mode":"slow","ms":2000}} {{"mode":"status","status":429}} {{"mode":"error","number":103}}"#);
        say!(r#"     {{"mode":"nonsense"}} {{"mode":"lose"}} {{"mode":"hang_up","times":1}} {{"mode":"fine"}}"#);
        say!(r#"     {{"reports":"fine"}} {{"reports":"twice"}} {{"reports":"backwards"}} {{"reports":"never"}}"#);
        tokio::join!(provider.clone().serve_http(http), provider.serve_mail(mail));
        Ok(())
    })
}

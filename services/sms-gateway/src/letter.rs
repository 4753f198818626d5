//! A message as sealed beside the events: the recipient and the content. Never contains a code: it is derived when the
//! text is rendered. Knows no provider.

use crate::domain::Channel;
use crate::texts::{Letters, Rendered, TextFault, render};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sealed message.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// A phone in E.164, or a mail address.
    pub to: String,
    /// SMS or mail.
    pub channel: Channel,
    /// Language of the text.
    pub locale: String,
    /// The name shown to the person.
    pub sender: String,
    /// Name of the text.
    pub template: String,
    /// Its arguments.
    pub arguments: BTreeMap<String, String>,
    /// Whether an SMS keeps letters that make it more expensive.
    #[serde(default)]
    pub keeps_letters: bool,
}

/// The name of this occasion's text for a channel.
pub fn template(channel: Channel, occasion: &str) -> String {
    let prefix = match channel {
        Channel::Sms => "sms",
        Channel::Email => "mail",
    };
    format!("{prefix}-{occasion}")
}

impl Letter {
    /// Renders the text, with the code if it carries one.
    pub fn render(&self, code: Option<&str>) -> Result<Rendered, TextFault> {
        let mut arguments = self.arguments.clone();
        arguments.insert("sender".to_owned(), self.sender.clone());
        if let Some(code) = code {
            arguments.insert("code".to_owned(), code.to_owned());
        }
        let letters = if self.keeps_letters { Letters::Written } else { Letters::Plain };
        render(&self.locale, &self.template, &arguments, letters)
    }
}

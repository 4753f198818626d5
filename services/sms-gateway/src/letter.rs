//! A message as it lies sealed beside the events: to whom, in which words. A code is never in it: it is derived when the
//! text is made. Knows no provider.

use crate::domain::Channel;
use crate::texts::{Letters, Rendered, TextFault, render};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sealed message.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// E.164 or a mail address.
    pub to: String,
    /// SMS or mail.
    pub channel: Channel,
    /// Language.
    pub locale: String,
    /// The name shown to the person.
    pub sender: String,
    /// Which text.
    pub template: String,
    /// What goes into it.
    pub arguments: BTreeMap<String, String>,
    /// Whether an SMS keeps letters that make it dearer.
    #[serde(default)]
    pub keeps_letters: bool,
}

/// The text of this occasion for a channel.
pub fn template(channel: Channel, occasion: &str) -> String {
    let prefix = match channel {
        Channel::Sms => "sms",
        Channel::Email => "mail",
    };
    format!("{prefix}-{occasion}")
}

impl Letter {
    /// The text, with the code where it carries one.
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

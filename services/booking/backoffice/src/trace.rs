//! What is kept about how a place was booked, so that bots and resellers can be found: keyed hashes, sealed in a vault
//! row of their own beside the hold, deleted thirty days after the visit. Written once when the hold is placed and once
//! when its person is to be proved: most holds of a rush get no further, and a form alone contains nothing that a bot
//! could not vary.

use crate::BackOffice;
use crate::domain::suspicion::Trace;
use crate::list::name_of;
use okienko_address::{Email, parse_email};
use okienko_day::{Contact, Subject};
use okienko_journal::VaultChange;
use okienko_kernel::{Fault, Id, base32};
use okienko_office::form::{FieldType, Means};
use okienko_web::ClientAddr;

impl BackOffice {
    /// The trace row of a new hold.
    pub fn trace_hold(&self, hold: Id, client: ClientAddr) -> Result<VaultChange, Fault> {
        let network = client.network().to_string();
        let trace = Trace { network: Some(self.trace_hash(hold, "network", &network)), ..Trace::default() };
        self.seal_row(trace_row(hold), hold, &trace)
    }

    /// The trace row of a hold once its person is to be proved, with what is known about them. `None` if the earlier
    /// row cannot be read: a booking never fails because of its trace.
    pub async fn trace_subject(&self, hold: Id, service: &str, subject: &Subject) -> Option<VaultChange> {
        let before: Trace = self.service.vault().open_one(trace_row(hold)).await.ok()?.unwrap_or_default();
        let hash = |what: &str, text: String| {
            // Addresses are hashed exactly as they are: punctuation that is ignored in names is significant there.
            let text = if matches!(what, "address" | "mailbox") { text } else { okienko_typed::key(&text) };
            (!text.is_empty()).then(|| self.trace_hash(hold, what, &text))
        };
        let (document, written) = self.written(hold, service, subject);
        let known = self.offices.numbered(hold.way().office);
        let name = known.map(|known| name_of(&known.office, service, subject)).unwrap_or_default();
        let mail = subject.mail().and_then(|address| parse_email(address).ok());
        let contact = subject.contact.as_ref().map(Contact::key).unwrap_or_default();
        let trace = Trace {
            account: hash("account", subject.account.clone().unwrap_or_default()),
            phone: hash("phone", contact),
            address: hash("address", mail.as_ref().map(Email::key).unwrap_or_default()),
            mailbox: hash("mailbox", mail.as_ref().map(Email::mailbox).unwrap_or_default()),
            document: hash("document", document),
            name: hash("name", name),
            form: hash("form", written),
            form_s: subject.form_s,
            ..before
        };
        self.seal_row(trace_row(hold), hold, &trace).ok()
    }

    /// The document, and all answers together; the latter empty if nothing had to be typed, because forms of choices
    /// alone are often equal.
    fn written(&self, hold: Id, service: &str, subject: &Subject) -> (String, String) {
        let Some(known) = self.offices.numbered(hold.way().office) else { return Default::default() };
        let meant = known.office.answer_meant(service, Means::Document, &subject.fields);
        let Some(service) = known.office.service(service) else { return Default::default() };
        let fields = known.office.form_of(service);
        let answer = |kinds: &[FieldType]| {
            let of_kind = fields.iter().filter(|field| kinds.contains(&field.kind));
            of_kind.filter_map(|field| subject.fields.get(&field.id)).find(|text| !text.is_empty()).cloned()
        };
        let typed =
            [FieldType::Text, FieldType::Email, FieldType::Pesel, FieldType::Document, FieldType::Case];
        let all = subject.fields.iter().map(|(id, text)| format!("{id}={text}"));
        let all = answer(&typed).map(|_| all.collect::<Vec<_>>().join(";")).unwrap_or_default();
        (meant.map(|text| okienko_typed::in_latin(&text)).unwrap_or_default(), all)
    }

    fn trace_hash(&self, hold: Id, what: &str, text: &str) -> String {
        let office = hold.way().office.to_be_bytes();
        let mac = self.service.world.keys.mac("trace", &[&office, what.as_bytes(), text.as_bytes()]);
        base32::encode(&mac[..16])
    }
}

/// The vault row of a hold's trace.
pub(crate) fn trace_row(hold: Id) -> String {
    format!("trace/{hold}")
}

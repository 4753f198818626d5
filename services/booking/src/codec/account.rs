//! How the events of an account are stored. Must not know of journals.

use super::{Codec, json, read};
use crate::domain::account::AccountEvent;

macro_rules! kinds {
    ($($variant:ident = $kind:literal,)*) => {
        impl Codec for AccountEvent {
            const KINDS: &'static [&'static str] = &[$($kind,)*];

            fn kind(&self) -> &'static str {
                match self { $(AccountEvent::$variant(_) => $kind,)* }
            }

            fn encode(&self) -> Vec<u8> {
                match self { $(AccountEvent::$variant(it) => json(it),)* }
            }

            fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
                match kind {
                    $($kind => Ok(AccountEvent::$variant(read(kind, schema, data)?)),)*
                    other => Err(format!("no event of an account is called {other}")),
                }
            }
        }
    };
}

kinds! {
    Registered = "account_registered",
    Activated = "account_activated",
    Reminded = "account_reminded",
    ResetAsked = "account_reset_asked",
    PasswordSet = "account_password_set",
    AddressAsked = "account_address_asked",
    AddressChanged = "account_address_changed",
    SignedOut = "account_signed_out",
    Deleted = "account_deleted",
    Booked = "account_booked",
    VisitEnded = "account_visit_ended",
    StrangerAsked = "account_stranger_asked",
}

impl okienko_actor::Stored for AccountEvent {
    fn kind(&self) -> &'static str {
        Codec::kind(self)
    }
    fn schema(&self) -> u16 {
        Codec::schema(self)
    }
    fn encode(&self) -> Vec<u8> {
        Codec::encode(self)
    }
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
        <AccountEvent as Codec>::decode(kind, schema, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::SCHEMA;
    use crate::domain::account::{
        Activated, AddressAsked, AddressChanged, Booked, Deleted, Link, PasswordSet, Registered, Reminded,
        ResetAsked, SignedOut, StrangerAsked, VisitEnded,
    };
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Id, IdKind, Moment, Span, Way};
    use serde_json::Value;
    use std::path::PathBuf;

    /// One event of each kind, with nothing left out.
    fn events() -> Vec<AccountEvent> {
        let way = Way { office: 7, place: 0, day: "2026-12-01".parse().unwrap() };
        let account = Id::new(IdKind::Account, way, &SeededEntropy::new(3));
        let reservation = account.as_kind(IdKind::Reservation);
        let at = Moment::from_micros(1_796_106_600_000_000);
        let link = Link { n: 1, until: at + Span::from_hours(24) };
        let address = "0123456789abcdefghjkmnpqrs".to_owned();
        let (from, to) = (address.clone(), "1123456789abcdefghjkmnpqrs".to_owned());
        let consents = [("regulamin".to_owned(), "2026-01".to_owned())].into();
        vec![
            AccountEvent::Registered(Registered {
                account,
                address: address.clone(),
                consents,
                link,
                row: String::new(),
                at,
            }),
            AccountEvent::Activated(Activated { account, address: address.clone(), link: 1, at }),
            AccountEvent::Reminded(Reminded { at }),
            AccountEvent::ResetAsked(ResetAsked { link, at }),
            AccountEvent::PasswordSet(PasswordSet { epoch: 1, at }),
            AccountEvent::AddressAsked(AddressAsked { address: to.clone(), link, at }),
            AccountEvent::AddressChanged(AddressChanged { account, from, to, link: 1, at }),
            AccountEvent::SignedOut(SignedOut { epoch: 2, at }),
            AccountEvent::Deleted(Deleted { account, address, at }),
            AccountEvent::Booked(Booked { reservation, at }),
            AccountEvent::VisitEnded(VisitEnded { reservation, at }),
            AccountEvent::StrangerAsked(StrangerAsked { letter: account.to_string(), at }),
        ]
    }

    #[test]
    fn a_registration_names_its_sealed_row() {
        let AccountEvent::Registered(mut it) = events().remove(0) else { panic!("the first is one") };
        it.row = "0123456789abcdef".into();
        let event = AccountEvent::Registered(it);
        assert_eq!(
            <AccountEvent as Codec>::decode(Codec::kind(&event), SCHEMA, &Codec::encode(&event)),
            Ok(event)
        );
    }

    fn sample(kind: &str) -> PathBuf {
        let name = format!("samples/{kind}.{SCHEMA}.json");
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    #[test]
    fn what_is_written_is_what_the_samples_say_and_comes_back_as_it_was() {
        let kinds: Vec<&str> = events().iter().map(Codec::kind).collect();
        assert_eq!(kinds, AccountEvent::KINDS);
        for event in events() {
            let kind = Codec::kind(&event);
            let stored = std::fs::read(sample(kind)).unwrap_or_else(|_| panic!("{kind} has no sample"));
            let json = |data: &[u8]| serde_json::from_slice::<Value>(data).unwrap();
            assert_eq!(json(&stored), json(&Codec::encode(&event)), "{kind}");
            assert_eq!(<AccountEvent as Codec>::decode(kind, SCHEMA, &stored), Ok(event));
        }
    }

    /// Writes the samples that are missing; never over one that is there.
    #[test]
    #[ignore = "run by hand after a new kind or schema"]
    fn write_account_samples() {
        for event in events() {
            let path = sample(Codec::kind(&event));
            if !path.exists() {
                let value: Value = serde_json::from_slice(&Codec::encode(&event)).unwrap();
                std::fs::write(path, serde_json::to_string_pretty(&value).unwrap() + "\n").unwrap();
            }
        }
    }
}

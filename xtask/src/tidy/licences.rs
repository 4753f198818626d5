//! Checks every dependency's licence against the list in `deny.toml`, so that a bad one fails without cargo-deny too.
//! Knows no dependency.

use toml::{Table, Value};

use super::Fault;
use super::house::House;
use super::spdx::satisfied;

const LIST: &str = "deny.toml";

/// Each third-party package has a licence expression that the allowed licences satisfy.
pub fn allowed(house: &House) -> Vec<Fault> {
    let Some(list) = house.texts.iter().find(|text| text.path == LIST).and_then(|text| read(&text.text))
    else {
        return vec![Fault::new(LIST, 0, "has no list `licenses.allow`")];
    };
    let mut faults = Vec::new();
    for package in &house.outsiders {
        let what = match package.licence.as_deref().map(|licence| (licence, satisfied(licence, &list))) {
            Some((_, Ok(true))) => continue,
            Some((licence, Ok(false))) => format!("not allowed: {licence}"),
            Some((_, Err(fault))) => fault,
            None => "names no licence".to_owned(),
        };
        faults.push(Fault::new(&format!("{} {}", package.name, package.version), 0, what));
    }
    faults
}

fn read(text: &str) -> Option<Vec<String>> {
    let table: Table = text.parse().ok()?;
    let list = table.get("licenses")?.get("allow")?.as_array()?;
    let names: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::super::house::Outsider;
    use super::super::house::built::{places, texts};
    use super::*;

    fn outsider(name: &str, licence: Option<&str>) -> Outsider {
        Outsider { name: name.into(), version: "1".into(), licence: licence.map(str::to_owned) }
    }

    #[test]
    fn a_licence_off_the_list_and_a_package_without_one_are_found() {
        let mut house = texts(&[("deny.toml", "[licenses]\nallow = ['MIT']\n")]);
        house.outsiders = vec![
            outsider("good", Some("MIT OR GPL-3.0-only")),
            outsider("bad", Some("GPL-3.0-only")),
            outsider("none", None),
        ];
        assert_eq!(places(&allowed(&house)), ["bad 1:0", "none 1:0"]);
    }

    #[test]
    fn a_missing_list_is_found() {
        assert_eq!(allowed(&texts(&[])).len(), 1);
        assert_eq!(allowed(&texts(&[("deny.toml", "[licenses]\nallow = []\n")])).len(), 1);
    }
}

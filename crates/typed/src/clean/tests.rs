//! What each kind of answer loses and keeps, as lists of cases.

use super::*;
use proptest::prelude::*;

#[test]
fn what_is_not_seen_is_not_there() {
    for typed in [
        "Anna Nowak",
        "\u{feff}Anna Nowak",
        "\u{202a}Anna Nowak\u{202c}",
        "\u{2068}Anna Nowak\u{2069}",
        "Anna\u{200b} Nowak",
        "An\u{ad}na Nowak",
        "Anna Nowak\u{2060}",
        "\u{200e}Anna\u{200f} Nowak",
        "Anna\u{a0}Nowak",
        "Anna\u{202f}Nowak",
        "Anna\u{2009}Nowak",
        "Anna\tNowak",
        " Anna  Nowak\u{3000}",
        "Anna\u{200d} Nowak",
        "An\u{200d}na Nowak",
        "Anna Nowak\u{fe0f}",
        "Anna\u{2028}Nowak",
        "\u{e0001}Anna Nowak",
        "A\u{34f}nna Nowak",
    ] {
        assert_eq!(name(typed), "Anna Nowak", "{typed:?}");
        assert_eq!(line(typed), "Anna Nowak", "{typed:?}");
    }
}

#[test]
fn a_name_stays_as_it_is_written() {
    for typed in [
        "Łukasz Żółć",
        "Côte d\u{2019}Ivoire",
        "Дем'яненко",
        "საქართველო",
        "علی\u{200c}رضا",
        "क्\u{200d}ष",
        "№ 5 ½ 10² Ⅳ",
        "李小龍",
    ] {
        assert_eq!(name(typed), typed);
    }
    assert_eq!(name("Zo\u{301}łc\u{301}"), "Zółć", "composed, or a code page would lose the marks");
    assert_eq!(name("علی\u{200c}\u{200c}\u{200e}رضا"), "علی\u{200c}رضا");
    assert_eq!(name("a\u{7}b"), "a\u{7}b", "to be refused by whoever checks");
}

#[test]
fn codes_are_read_in_every_dress() {
    for (typed, plain) in [
        ("0773 1947", "07731947"),
        ("0773\u{2011}1947", "0773-1947"),
        ("0773\u{2013}1947", "0773-1947"),
        ("\u{200e}07731947\u{feff}", "07731947"),
        ("０７７３１９４７", "07731947"),
        ("٠٧٧٣١٩٤٧", "07731947"),
        ("۰۷۷۳۱۹۴۷", "07731947"),
        ("०७७३१९४७", "07731947"),
        ("07731947\r\n", "07731947"),
        ("ab\u{a0}123\u{2009}456", "AB123456"),
        ("АВ1234567", "АВ1234567"),
        ("\u{1d7d8}\u{1d7d9}\u{1d7ff}", "019"),
        ("−5", "-5"),
    ] {
        assert_eq!(code(typed), plain, "{typed:?}");
    }
    assert_eq!(code("10²"), "10²", "not 102");
    assert_eq!(case("SOC\u{2011}LP1.6151.1234.\u{200b}2026"), "SOC-LP1.6151.1234.2026");
    assert_eq!(case(" SO.\u{a0}17\u{2013}2026 "), "SO. 17-2026");
    assert_eq!(digits("44-0514 01359"), "44051401359");
    assert_eq!(login(" Anna.Nowak\u{200b} "), "anna.nowak");
}

#[test]
fn mail_addresses_lose_what_was_copied_with_them() {
    for typed in [
        "jan@example.org",
        " jan@example.org ",
        "jan@example.org\u{a0}",
        "\u{200b}jan@example.org",
        "jan@exam\u{ad}ple.org",
        "jan\u{2060}@example.org",
        "\u{202a}jan@example.org\u{202c}",
        "mailto:jan@example.org",
        "MAILTO:jan@example.org",
        "<jan@example.org>",
        "jan@example.org,",
        "jan@example.org;",
        "jan@example.org.",
        "jan＠example．org",
        "\tjan@example.org",
    ] {
        assert_eq!(mail(typed), "jan@example.org", "{typed:?}");
    }
    for kept in [
        "jan@example.org\r\nBcc: x@example.org",
        "Jan <jan@example.org>",
        "j an@example.org",
        "a@b.pl,c@d.pl",
    ] {
        assert!(
            mail(kept) != "jan@example.org" && mail(kept).contains(['\r', '<', ' ', ',', '>']),
            "{kept:?}"
        );
    }
}

#[test]
fn phones_lose_what_people_put_between_the_digits() {
    for typed in [
        "+48601234567",
        "\u{202a}+48 601 234 567\u{202c}",
        "\u{2068}+48 601 234 567\u{2069}",
        "+48\u{200b}601234567",
        "\u{feff}+48601234567",
        "+48 601\u{2011}234\u{2011}567",
        "+48 601\u{2013}234\u{2013}567",
        "+48\u{202f}601\u{202f}234\u{202f}567",
        "+48\u{2009}601\u{2009}234\u{2009}567",
        "+48\t601234567",
        "tel:+48601234567",
        "Tel. +48 601 234 567",
        "tel.: +48 601 234 567",
        "+48 601 234 567,",
        "++48 601 234 567",
        "+48 (0) 601 234 567",
        "＋４８６０１２３４５６７",
        "+48 ٦٠١٢٣٤٥٦٧",
        "+48 601\u{2212}234\u{2212}567",
        "(+48) 601·234·567",
        "+48 601 234 567\r\n",
    ] {
        assert_eq!(phone(typed), "+48601234567", "{typed:?}");
    }
    for (typed, kept) in
        [("601-CALL-ME", "601CALLME"), ("60l234567", "60l234567"), ("601234567 wew. 12", "601234567wew12")]
    {
        assert_eq!(phone(typed), kept, "letters stay, to be refused in words");
    }
}

proptest! {
    #[test]
    fn clean_is_clean(text in "\\PC{0,40}|[a-zA-Z0-9ąŁ\u{200b}\u{200d}\u{301}\u{ad} .,;:<>@+()\u{2011}'\u{633}-]{0,30}") {
        for clean in [name, line, code, case, digits, login, mail, phone] {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone(), "{:?}", text);
        }
    }
}

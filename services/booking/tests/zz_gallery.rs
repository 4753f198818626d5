//! temp
mod support;
use support::Town;
use support::browser::Browser;
fn save(b: &Browser, name: &str) {
    let folder = std::path::Path::new("/tmp/okgal");
    std::fs::create_dir_all(folder).unwrap();
    let mut html = b.html.clone();
    for asset in ["okienko.css", "mark.svg", "forms.js", "hold.js", "code.js"] {
        html = html.replace(&okienko_web::asset_url(asset), asset);
        std::fs::write(folder.join(asset), okienko_web::assets::asset_text(asset).unwrap_or_default())
            .unwrap();
    }
    std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
}
#[tokio::test]
async fn gallery() {
    let town = Town::start().await;
    let mut b = town.browser();
    b.open("/").await;
    save(&b, "00-offices");
    b.open("/torun").await;
    save(&b, "01-office");
    b.open("/torun/book").await;
    save(&b, "02-services");
    b.press("Szukaj", &[("q", "dowodu")]).await;
    save(&b, "03-search");
    b.follow("Wniosek o dowód").await;
    save(&b, "04-places");
    b.follow("budynek główny").await;
    save(&b, "05-month");
    b.press("środa, 2 grudnia", &[]).await;
    save(&b, "06-hours");
    for hour in 15..31 {
        let mut o = town.browser();
        o.open("/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02")
            .await
            .press(&format!("{:02}:{:02}", hour / 2, hour % 2 * 30), &[])
            .await;
    }
    let mut o = town.browser();
    o.open("/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02").await;
    save(&o, "07-full");
    o.follow("inny dzień").await;
    save(&o, "08-month-full");
    b.press("09:15", &[]).await;
    save(&b, "09-form");
    b.press("Dalej", &[("name", "")]).await;
    save(&b, "10-form-bad");
    b.press("Dalej", &[("name", "Anna Nowak")]).await;
    save(&b, "11-phone");
    b.press("Wyślij", &[("phone", "56 611 86 66")]).await;
    save(&b, "12-phone-bad");
    b.press("Wyślij", &[("phone", "601 234 567")]).await;
    save(&b, "13-code");
    b.press("Potwierdź", &[("code", "000000")]).await;
    save(&b, "14-code-bad");
    let code = town.code("+48601234567").await;
    b.press("Potwierdź", &[("code", &code)]).await;
    save(&b, "15-visit");
    b.follow("Odwołaj").await;
    save(&b, "16-cancel");
    b.press("Tak", &[]).await;
    save(&b, "17-cancelled");
    let mut o = town.browser();
    o.open("/torun/book?service=meldunek&location=plaza&date=2026-12-03").await.press("10:00", &[]).await;
    town.advance("PT10M").await;
    o.reload().await;
    save(&o, "18-over");
}

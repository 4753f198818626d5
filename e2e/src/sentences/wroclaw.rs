//! The sentences of Wrocław: the rows. Their checks are in `wroclaw_visit`, `wroclaw_hall` and `wroclaw_staff`.

use super::wroclaw_hall::*;
use super::wroclaw_staff::*;
use super::wroclaw_visit::*;
use super::{Row, table_of};

/// The rows, in the order of the text; a sentence that occurs twice there has one row.
pub fn rows() -> Vec<Row> {
    table_of!["wroclaw";
        "Aktualnie znajdujesz się na:" => "a heading",
        "Rezerwacja wizyty System rezerwacji wizyt -zmiana zasad z potwierdzeniem i aktywacją rezerwacji wiadomością sms" => a_reservation_is_activated_by_sms,
        "Proszę wypełnić i zatwierdzić załączony formularz w wybranym procesie obsługi." => every_process_has_its_form,
        "Następnie proszę wpisać nr telefonu, na który ma zostać wysłana wiadomość sms z nr kodu, w celu aktywowania rezerwacji." => the_phone_gets_a_code,
        "Ostatnim etapem zatwierdzania rezerwacji jest wpisanie otrzymanego kodu sms i użycie przycisku \"aktywuj\"." => the_last_step_is_code_and_activate,
        "W celu realizacji rezerwacji proszę o zgłoszenie się do właściwego punktu obsługi co najmniej 15 minut przed umówioną wizytą i pobranie z terminala biletowego BILETU oraz okazanie wiadomości sms na prośbę pracownika obsługującego." => the_kiosk_gives_the_ticket_until_fifteen_minutes_before,
        "„Proszę dokonać rejestracji konta, po wcześniejszym zaakceptowaniu regulaminu, a następnie zalogować się i dokonać wyboru lokalizacji punktu złożenia wniosku." => rules_then_account_then_place,
        "Proszę wybrać usługę i dokonać rezerwacji wizyty w dostępnych terminach, a następnie pobrać potwierdzenie rezerwacji." => the_confirmation_can_be_kept,
        "Terminy, w których można umawiać wizyty, zaznaczone są ciemnym kolorem." => days_with_places_are_dark,
        "Daty zaznaczone na biało nie są dostępne." => other_days_cannot_be_chosen,
        "Po wybraniu terminu, wyświetlają się dostępne godziny, kiedy można umówić wizytę." => a_day_shows_its_hours,
        "Jeśli nie wyświetla się żadna godzina, oznacza to, że limit miejsc na dany dzień został wyczerpany i należy wybrać inną datę." => a_full_day_says_so,
        "Następnie nr otrzymanego BILETU zostanie wywołany przez system kolejkowy ze wskazaniem stanowiska obsługi." => the_ticket_is_called_with_its_counter,
        "Proszę o przygotowanie ważnych dokumentów tożsamości, aktualnych fotografii, wcześniejsze i kompletne wypełnienie wniosków, skopiowanie załączników, dokonanie opłat w formie przelewu oraz dostarczenie potwierdzeń ich zapłaty (informacje o wymaganych opłatach do poszczególnych usług są dostępne na stronie www.duw.pl w zakładce obsługa klienta)." => people_are_told_what_to_bring,
        "Klienci posiadający rezerwację wizyt w związku ze złożeniem wniosku o pobyt czasowy oraz wizyty do Dyrektora lub Kierowników Oddziału Legalizacji Pobytu i Pracy w sprawie statusu sprawy, mogą być wcześniej powiadamiani drogą mailową, a następnie telefoniczną przez Pracownika Wydziału, o szczegółach wizyty w celu precyzyjnego ustalenia zarówno statusu cudzoziemca jak i statusu sprawy." => staff_reach_the_holder,
        "W celu realizacji rezerwacji do Oddziału LP2 proszę pokazać kod w dniu wizyty w pokoju 0134 (parter budynku DUW za salą B)" => lp2_is_admitted_in_room_0134,
        "W celu realizacji rezerwacji do Oddziału LP1 proszę pokazać kod pracownikowi ochrony pełniącemu dyżur przed wejściem do strefy zamkniętej (parter budynku DUW za salą A w kierunku kiosku)" => lp1_is_admitted_by_the_guard,
        "W celu dodatkowej weryfikacji niezbędne jest okazanie potwierdzenia rezerwacji przy stanowisku obsługi. (mail, sms kod, wydruk)." => the_counter_compares_code_and_name,
        "Numer kodu który należy wpisać do system kolejkowego w terminalu na sali A (UWAGA WYBIERZ W MENU właściwą usługę)." => the_wrong_service_is_refused_and_the_right_one_named,
        "UWAGA: Nie zgłoszenie się w podanym w wyżej czasie zarezerwowanej godziny powoduje anulowanie rezerwacji wizyty." => who_does_not_come_is_struck_off,
        "Każda rezerwacja w sprawach paszportowych i legalizacji pobytu obejmuje i dotyczy tylko jednego pełnoletniego wnioskodawcę, z wyjątkiem rezerwacji związanych z realizacją spraw dotyczących wniosków rodziców i ich małoletnich dzieci." => one_adult_or_a_parent_with_children,
        "Rezerwacja internetowa dostępna jest jedynie z terytorium Polski." => booking_is_from_poland_only,
        "Niedopuszczalne są wszelkie formy zamiany rezerwacji z inną osobą, czy odstępowanie rezerwacji innej osobie (w tym, w zamian za korzyści majątkowe lub inne)." => another_person_is_refused,
        "W ramach systemu rezerwacji wizyt zabronione jest korzystanie z wirusów, botów, robaków bądź innych kodów komputerowych, plików lub programów (w szczególności automatyzujących procesy skryptów i aplikacji bądź innych kodów, plików lub narzędzi)." => a_place_costs_a_proof_of_work,
        "Zarezerwowane w ten sposób terminy wizyt będą usuwane, a wszelkie formy nieuprawnionej ingerencji w system rezerwacji wizyty, podobnie jak wszelkie przejawy obrotu rezerwacjami (w tym w celu czerpania korzyści materialnych lub niematerialnych) będą zgłaszane organom ścigania." => staff_remove_what_bots_booked,
        "System jest na bieżąco monitorowany aby zapobiec zarówno jego awariom/zawieszeniom, jak i zjawisku nielegalnego rezerwowania wizyt w celu osiągniecia korzyści majątkowej przez tzw booty, które w głównej mierze zakłócają pracę udostępnionej Państwu aplikacji." => suspicious_reservations_are_listed_with_reasons,
        "Natomiast Klient pobierając bilet nie do swojej sprawy (np do niewłaściwego Kierownika) powoduje blokowanie innym zainteresowanym, możliwość skorzystania z tych rezerwacji, których sprawy są rozpatrywane przez właściwy Oddział Legalizacji Pobytu I lub II." => a_wrong_choice_uses_up_nothing,
        "Rezerwacje nieprawidłowe, zawierające nieprawdziwe lub niewypełnione formularze będą usuwane, a ich posiadacze nie będą mogli z nich skorzystać o czym będą powiadamiani mailowo." => a_false_form_is_removed_and_the_holder_told,
        "Podczas rozmowy telefonicznej i przy korespondencji mailowej z Klientami obowiązują nw zasady: Zasady potwierdzania rejestracji w celu złożenia wniosku o legalizację pobytu i wizyt do Kierowników Oddziałów Legalizacji Pobytu i Pracy:" => "a heading",
        "1. Rezerwując termin wizyty należy pamiętać o tym, że wnioski legalizujące pobyt składa się w czasie legalnego pobytu cudzoziemca w Polsce." => people_are_told_of_the_legal_stay,
        "2. W celu realizacji umówionej wizyty, mogą zostać przesłane na adres mailowy wskazany przez Klienta przy rejestracji konta pytania dotyczące danych osobowych cudzoziemca m.in nazwiska i imienia, daty urodzenia oraz serii i numer paszportu." => questions_go_by_mail_and_are_answered,
        "3. W przypadku wizyty do Kierowników w celu uzyskania informacji o statusie sprawy niezbędne jest wskazanie przez Klienta danych dotyczących: rodzaju wniosku ( pobyt czasowy , pobyt stały, zezwolenie na pracę) daty złożenia wniosku, sposobu jego złożenia (drogą pocztą, osobiście we Wrocławiu, Legnicy, Jeleniej Górze, Wałbrzychu) nr sprawy, nazwisko inspektora prowadzącego postepowanie oraz inne dane koneiczne do ustalenia i przygotowania dokumentacji wykorzystanej podczas wizyty u Kierownika ." => a_visit_to_a_manager_asks_for_the_case,
        "1. Godzina rezerwacji wizyty jest określona orientacyjnie." => the_hour_is_said_to_be_approximate,
        "Rozpoczęcie obsługi może ulec nieznacznym zmianom, w zależności od zakończenia obsługi poprzedniego klienta." => a_later_call_keeps_the_ticket,
        "2. Przybycie po wyznaczonej godzinie spotkania będzie skutkować automatycznym anulowaniem rezerwacji." => after_the_hour_the_code_is_cancelled,
        "3. Rezerwacja wizyty dotyczy wyłącznie osoby, na której dane osobowe wystawiono rezerwację z wyjątkiem spraw związanych z realizacją wniosków rodziców i ich małoletnich dzieci." => reception_sees_whose_it_is,
        "4. Niedopuszczalne są wszelkie formy zamiany rezerwacji z inną osobą, czy odstępowanie rezerwacji innej osobie." => one_document_has_one_reservation,
        "liczba wejść: 262805" => visits_are_counted,
    ]
}

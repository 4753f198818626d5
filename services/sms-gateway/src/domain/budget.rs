//! The daily budget: never more SMS than that, and a fifth is reserved for messages that are not codes, so that a flood
//! of strangers' codes cannot block the confirmations of people who have booked. Knows no prices.

/// What has been accepted on this day, in SMS parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Budget {
    codes: u64,
    others: u64,
    /// The highest budget under which anything was accepted.
    pub(super) highest: u32,
}

/// The part of a budget reserved for messages that are not codes: a fifth, rounded down.
pub fn reserve(budget: u32) -> u32 {
    budget / 5
}

impl Budget {
    pub(super) fn used(&self) -> u64 {
        self.codes + self.others
    }
    /// Whether `parts` more may be accepted under `budget`.
    pub(super) fn allows(&self, code: bool, parts: u32, budget: u32) -> bool {
        let parts = u64::from(parts);
        // What other messages have already used of the reserve is not reserved a second time.
        let kept = if code { u64::from(reserve(budget)).saturating_sub(self.others) } else { 0 };
        self.used() + parts + kept <= u64::from(budget)
    }
    pub(super) fn take(&mut self, code: bool, parts: u32, budget: u32) {
        let side = if code { &mut self.codes } else { &mut self.others };
        *side += u64::from(parts);
        if parts > 0 {
            self.highest = self.highest.max(budget);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_leave_a_fifth_and_others_may_take_all() {
        let mut budget = Budget::default();
        budget.take(true, 8, 10);
        assert!(!budget.allows(true, 1, 10));
        assert!(budget.allows(false, 2, 10));
        assert!(!budget.allows(false, 3, 10));
    }

    #[test]
    fn a_reserve_that_others_have_used_is_not_kept_twice() {
        let mut budget = Budget::default();
        budget.take(false, 5, 10);
        assert!(budget.allows(true, 5, 10));
        assert!(!budget.allows(true, 6, 10));
    }

    #[test]
    fn a_budget_lowered_below_what_was_used_allows_nothing_and_overflows_nowhere() {
        let mut budget = Budget::default();
        budget.take(true, u32::MAX, u32::MAX);
        budget.take(false, u32::MAX, u32::MAX);
        assert!(!budget.allows(false, 1, 5));
        assert!(!budget.allows(true, u32::MAX, u32::MAX));
    }
}

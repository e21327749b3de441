//! Numbers with nouns.

/// `1 step`, `2 steps`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_is_singular() {
        let told = [0, 1, 2].map(|number| count(number, "step"));
        assert_eq!(told, ["0 steps", "1 step", "2 steps"]);
    }
}

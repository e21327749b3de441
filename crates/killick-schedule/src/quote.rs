//! Quoting for a shell and for systemd.

/// Whether nobody takes any of it for syntax.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@+,=-".contains(c);
    !text.is_empty() && text.chars().all(plain)
}

/// One word of a POSIX shell, without a backslash.
pub(crate) fn shell(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    // A quote ends the string, is written in the other kind, and begins it again.
    format!("'{}'", text.replace('\'', r#"'"'"'"#))
}

/// A word of `ExecStart=` without variables, which the program is: none is put
/// in there (systemd.service(5), "Command lines").
pub(crate) fn systemd_program(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let escaped = text.replace('\\', r"\\").replace('"', r#"\""#);
    format!("\"{}\"", escaped.replace('%', "%%"))
}

/// An argument of `ExecStart=`.
pub(crate) fn systemd_argument(text: &str) -> String {
    systemd_program(text).replace('$', "$$")
}

//! Which characters a reader never sees as they are.

/// Whether a character acts instead of being read, or is drawn as nothing.
///
/// These are the control characters (C0, DEL, C1), the marks that turn the
/// direction of writing, and all that Unicode calls default-ignorable:
/// zero-width characters, fillers, variation selectors, tag characters. With
/// them go line and paragraph separators, interlinear annotation, and the
/// non-characters that XML 1.0 forbids. An ordinary space is not hidden; other
/// white space is if it is a control character or a separator.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{FFFE}'..='\u{FFFF}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

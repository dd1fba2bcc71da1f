//! What a program says for people, made harmless and kept within bounds.

use taking_turns::live::Live;

/// So much of it is shown; what comes then is passed over.
pub const SHOWN: usize = 256 << 10;

/// A program that has said so much is ended.
pub const MOST: usize = 16 << 20;

/// The longest line that is looked at whole before it is shown.
const LONGEST_LINE: usize = 4 << 10;

/// Standard error, from bytes as they come to what a page is told.
#[derive(Debug, Default)]
pub struct Output {
    /// The beginning of a line that has not ended.
    line: Vec<u8>,
    /// Bytes taken in.
    taken: usize,
    shown: usize,
}

impl Output {
    /// Takes in the next bytes and adds what they say to `said`.
    pub fn take(&mut self, bytes: &[u8], said: &mut Vec<Live>) {
        self.taken += bytes.len();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            let whole = piece.ends_with(b"\n");
            // What may become something that the notebook says is waited for; all else is shown
            // at once, and a question without a line end is seen.
            if whole || self.line.len() > LONGEST_LINE || !self.line.starts_with(b"{") {
                self.end_of_line(said);
            }
        }
    }

    /// There is no more to come.
    pub fn end(&mut self, said: &mut Vec<Live>) {
        self.end_of_line(said);
    }

    /// Whether it is more than a reader could want.
    pub fn is_flood(&self) -> bool {
        self.taken > MOST
    }

    fn end_of_line(&mut self, said: &mut Vec<Live>) {
        // A character that is cut in two waits for its second half.
        let cut = if self.line.ends_with(b"\n") { 0 } else { cut_character(&self.line) };
        let rest = self.line.split_off(self.line.len() - cut);
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.line = rest;
        match Live::parse(line.trim_end()) {
            Some(Live::Say(text)) => self.show(&text, said),
            Some(progress) => said.push(progress),
            None => self.show(&line, said),
        }
    }

    fn show(&mut self, text: &str, said: &mut Vec<Live>) {
        if text.is_empty() || self.shown > SHOWN {
            return;
        }
        let mut text = harmless(text);
        self.shown += text.len();
        if self.shown > SHOWN {
            text.truncate(text.floor_char_boundary(text.len() - (self.shown - SHOWN)));
            text += &format!("\n[more than {} KB of output: the rest is not shown]\n", SHOWN >> 10);
        }
        match said.last_mut() {
            Some(Live::Say(before)) => before.push_str(&text),
            _ => said.push(Live::Say(text)),
        }
    }
}

/// How many bytes at the end are the beginning of a character.
fn cut_character(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
        _ => 0,
    }
}

/// Text without what would steer a terminal, or make it read in another order than it stands in:
/// such characters are shown by their pictures.
fn harmless(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|character| match character {
            '\n' | '\t' => character,
            '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            _ => character,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pieces: &[&[u8]]) -> Vec<Live> {
        let mut output = Output::default();
        let mut said = Vec::new();
        for piece in pieces {
            output.take(piece, &mut said);
        }
        output.end(&mut said);
        said
    }

    fn say(text: &str) -> Live {
        Live::Say(text.to_owned())
    }

    #[test]
    fn what_the_notebook_says_is_told_from_plain_text_however_it_is_cut() {
        let line = b"{\"say\":\"two \xc3\xa9\\n\"}\n{\"progress\":[1,2]}\npanicked \xc3\xa9\n";
        let expected = [say("two é\n"), Live::Progress(1, 2), say("panicked é\n")];
        assert_eq!(said(&[line]), expected);
        for cut in 0..line.len() {
            assert_eq!(said(&[&line[..cut], &line[cut..]]), expected, "{cut}");
        }
    }

    #[test]
    fn text_without_a_line_end_is_shown_at_once() {
        let mut output = Output::default();
        let mut said = Vec::new();
        output.take(b"sure? ", &mut said);
        assert_eq!(said, [say("sure? ")]);
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(said(&[b"\x1b[2J\x07<script>\r\n"]), [say("␛[2J␇<script>\n")]);
        assert_eq!(said(&[br#"{"say":"\u001b[2J\u202e"}"#]), [say("␛[2J\u{fffd}")]);
        assert_eq!(said(&[b"\xff\xfe"]), [say("\u{fffd}\u{fffd}")]);
    }

    #[test]
    fn what_is_too_much_is_not_shown_and_that_is_said() {
        let much = [b'x'; SHOWN + 100];
        let said = said(&[&much, b"more"]);
        let [Live::Say(text)] = &said[..] else { panic!("{} things said", said.len()) };
        let (shown, notice) = text.split_at(SHOWN);
        assert!(shown.bytes().all(|byte| byte == b'x'));
        assert_eq!(notice, "\n[more than 256 KB of output: the rest is not shown]\n");
    }
}

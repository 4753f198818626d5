//! Finds where HTTP/2 frames and header blocks begin and end in the incoming bytes: enough to notice one that is never
//! completed. Does not interpret their content.

/// The first bytes of an HTTP/2 client.
pub const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Length of a frame header.
const HEAD: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PUSH_PROMISE: u8 = 5;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// What has begun but not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// A frame, or a header block.
    Head,
    /// A frame of a body.
    Data,
}

/// The position in one side's bytes.
#[derive(Debug, Default)]
pub struct Frames {
    head: [u8; HEAD],
    have: usize,
    left: usize,
    in_block: bool,
}

impl Frames {
    /// Processes bytes. Returns what is open after them, and whether the same was already open before.
    pub fn take(&mut self, mut bytes: &[u8]) -> (Open, bool) {
        let mut same = true;
        while !bytes.is_empty() {
            if self.have < HEAD {
                let count = bytes.len().min(HEAD - self.have);
                self.head[self.have..self.have + count].copy_from_slice(&bytes[..count]);
                self.have += count;
                bytes = &bytes[count..];
                if self.have < HEAD {
                    break;
                }
                let [a, b, c, ..] = self.head;
                self.left = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
            }
            let count = bytes.len().min(self.left);
            self.left -= count;
            bytes = &bytes[count..];
            if self.left == 0 {
                self.ended();
                same &= self.in_block;
            }
        }
        (self.open(), same)
    }

    fn ended(&mut self) {
        let (kind, flags) = (self.head[3], self.head[4]);
        if [HEADERS, PUSH_PROMISE, CONTINUATION].contains(&kind) {
            self.in_block = flags & END_HEADERS == 0;
        }
        self.have = 0;
    }

    fn open(&self) -> Open {
        match (self.in_block, self.have) {
            (false, 0) => Open::Nothing,
            (false, HEAD) if self.head[3] == DATA => Open::Data,
            _ => Open::Head,
        }
    }
}

/// The bytes of a client, for tests.
#[cfg(test)]
pub mod spoken {
    /// A frame of HTTP/2.
    pub fn two(kind: u8, flags: u8, stream: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        let mut bytes = vec![length[1], length[2], length[3], kind, flags, 0, 0, 0, stream];
        bytes.extend(content);
        bytes
    }

    /// The start of an HTTP/2 connection.
    pub fn preface() -> Vec<u8> {
        [super::PREFACE.to_vec(), two(4, 0, 0, b"")].concat()
    }

    /// `:method`, `:scheme`, `:path` and `:authority` of a request, uncompressed.
    pub fn block(method: &str, path: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, value) in [(":method", method), (":scheme", "http"), (":path", path), (":authority", "o")]
        {
            bytes.push(0);
            for text in [name, value] {
                bytes.push(u8::try_from(text.len()).unwrap());
                bytes.extend(text.as_bytes());
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, content.len() as u8, kind, flags, 0, 0, 0, 1];
        bytes.extend(content);
        bytes
    }

    #[test]
    fn what_hangs_is_seen_however_the_bytes_are_cut() {
        let headers = [frame(HEADERS, 0, b"ab"), frame(CONTINUATION, 0, b"c")].concat();
        let whole = [frame(HEADERS, 0, b"ab"), frame(CONTINUATION, END_HEADERS, b"")].concat();
        let body = [whole.clone(), frame(DATA, 0, b"abcdef")].concat();
        let cases: [(&str, Vec<u8>, Open); 10] = [
            ("nothing", vec![], Open::Nothing),
            ("settings", frame(4, 0, b""), Open::Nothing),
            ("half the head of a frame", frame(4, 0, b"")[..5].to_vec(), Open::Head),
            ("half a frame of settings", frame(4, 0, b"123456")[..12].to_vec(), Open::Head),
            ("headers without end", frame(HEADERS, 0, b"ab"), Open::Head),
            ("continued without end", headers, Open::Head),
            ("headers with their end", whole, Open::Nothing),
            ("half a frame of a body", body[..body.len() - 2].to_vec(), Open::Data),
            ("a whole frame of a body", body, Open::Nothing),
            ("a ping within headers", [frame(HEADERS, 0, b""), frame(6, 0, &[0; 8])].concat(), Open::Head),
        ];
        for (name, bytes, open) in cases {
            for size in [1, 2, 7, 1_000] {
                let mut frames = Frames::default();
                let last = bytes.chunks(size).map(|part| frames.take(part)).last();
                assert_eq!(last.map_or(Open::Nothing, |(open, _)| open), open, "{name}, {size} at once");
            }
        }
    }

    #[test]
    fn a_block_is_the_same_one_until_its_end_and_a_frame_until_its_own() {
        let mut frames = Frames::default();
        assert_eq!(frames.take(&frame(HEADERS, 0, b"ab")), (Open::Head, true));
        assert_eq!(frames.take(&frame(CONTINUATION, 0, b"ab")), (Open::Head, true), "the same block");
        let next = [frame(CONTINUATION, END_HEADERS, b""), frame(HEADERS, 0, b"")].concat();
        assert_eq!(frames.take(&next), (Open::Head, false), "another block");
        let mut frames = Frames::default();
        frames.take(&frame(DATA, 0, b"abcdef")[..12]);
        assert_eq!(frames.take(b"d"), (Open::Data, true));
        let next = [b"ef".to_vec(), frame(DATA, 0, b"abc")[..10].to_vec()].concat();
        assert_eq!(frames.take(&next), (Open::Data, false), "another frame");
    }
}

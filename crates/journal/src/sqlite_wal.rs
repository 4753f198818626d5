//! Whether a SQLite write-ahead log is whole. SQLite takes the first invalid frame for the end and silently drops what
//! follows: right after a crash, but a silent loss when acknowledged data was damaged later. Knows the format
//! (<https://www.sqlite.org/fileformat2.html#walformat>) and nothing of what is stored.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The smallest page size.
const SMALLEST: usize = 512;
const LARGEST: usize = 65_536;
/// Commits from an invalid frame on that prove damage. The last transaction before a crash may reach the disk in any
/// order, so one is no proof; of two, the earlier was synced before the later began.
const PROOF: u32 = 2;

/// The damage in the log; `None` when it is intact or does not exist.
pub(crate) fn damage(path: &Path) -> std::io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    if length < (HEADER + FRAME_HEADER + SMALLEST) as u64 {
        return Ok(None);
    }
    let mut from = BufReader::with_capacity(1 << 18, file);
    let mut header = [0; HEADER];
    from.read_exact(&mut header)?;
    let Some((is_big, size)) = shape(&header) else {
        return Ok(Some("its log of the newest changes cannot be read".to_owned()));
    };
    let mut sum = checksum(is_big, [0, 0], &header[..24]);
    if sum != [word(&header, 24), word(&header, 28)] {
        return Ok(Some("the head of its log of the newest changes is damaged".to_owned()));
    }
    let mut frame = vec![0; FRAME_HEADER + size];
    let (mut number, mut broken_at, mut commits_behind) = (0_u64, None, 0);
    while from.read_exact(&mut frame).is_ok() {
        number += 1;
        let is_ours = frame[8..16] == header[16..24];
        if broken_at.is_none() {
            let next = checksum(is_big, checksum(is_big, sum, &frame[..8]), &frame[FRAME_HEADER..]);
            if is_ours && next == [word(&frame, 16), word(&frame, 20)] {
                sum = next;
                continue;
            }
            broken_at = Some(number);
        }
        // Frames left over from an earlier round of the log have other salts.
        commits_behind += u32::from(is_ours && word(&frame, 4) != 0);
        if commits_behind > PROOF {
            break;
        }
    }
    let what = |at: u64| {
        format!("change {at} of its log of the newest changes is damaged, and there are later ones")
    };
    Ok(broken_at.filter(|_| commits_behind >= PROOF).map(what))
}

/// Whether checksums are big-endian, and the page size.
fn shape(header: &[u8; HEADER]) -> Option<(bool, usize)> {
    let is_big = match word(header, 0) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        _ => return None,
    };
    let size = word(header, 8) as usize;
    let fits = size.is_power_of_two() && (SMALLEST..=LARGEST).contains(&size);
    fits.then_some((is_big, size))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
    u32::from_be_bytes(word.unwrap_or_default())
}

fn checksum(is_big: bool, sum: [u32; 2], bytes: &[u8]) -> [u32; 2] {
    let [mut a, mut b] = sum;
    for pair in bytes.chunks_exact(8) {
        let (first, second) = (word(pair, 0), word(pair, 4));
        let (first, second) =
            if is_big { (first, second) } else { (first.swap_bytes(), second.swap_bytes()) };
        a = a.wrapping_add(first).wrapping_add(b);
        b = b.wrapping_add(second).wrapping_add(a);
    }
    [a, b]
}

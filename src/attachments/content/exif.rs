//! Of all that EXIF says of an image, the one thing that changes how it looks: which way up it is.

use super::{big_u16, big_u32, little_u16, little_u32};

const ORIENTATION: u16 = 0x0112;

/// From a block of EXIF: 2 to 8 where the image is turned or mirrored. Upright ones need no word of it.
pub fn orientation(block: &[u8]) -> Option<u8> {
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let is_big = match block {
        [b'M', b'M', 0, 42, ..] => true,
        [b'I', b'I', 42, 0, ..] => false,
        _ => return None,
    };
    let u16_at = if is_big { big_u16 } else { little_u16 };
    let u32_at = if is_big { big_u32 } else { little_u32 };
    let directory = usize::try_from(u32_at(block, 4)?).ok()?;
    let entries = usize::from(u16_at(block, directory)?);
    let entry = (0..entries)
        .filter_map(|nth| directory.checked_add(2)?.checked_add(nth * 12))
        .find(|at| u16_at(block, *at) == Some(ORIENTATION))?;
    let value = u16_at(block, entry.checked_add(8)?)?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A block that says this and nothing else.
pub fn block(orientation: u8) -> [u8; 26] {
    [
        b'M',
        b'M',
        0,
        42,
        0,
        0,
        0,
        8, // big-endian; the directory follows
        0,
        1, // one entry
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // a single short
        0,
        0,
        0,
        0, // no other directory
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for way in 2..=8 {
            assert_eq!(orientation(&block(way)), Some(way));
        }
        assert_eq!(orientation(&block(1)), None);
    }

    #[test]
    fn the_other_byte_order_is_read_too() {
        let block =
            [b'I', b'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(orientation(&[&b"Exif\0\0"[..], &block].concat()), Some(6));
    }

    proptest! {
        #[test]
        fn no_block_of_bytes_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            orientation(&[&b"MM\0\x2a"[..], &bytes].concat());
            orientation(&[&b"II\x2a\0"[..], &bytes].concat());
        }
    }
}

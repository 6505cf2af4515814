//! WebP: chunks in a RIFF container, each with its name and length. The header of the longer form says which
//! others there are.

use super::{Bare, exif, little_u16, little_u32, take};

const STAY: &[&[u8]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

pub fn bare(file: &[u8]) -> Option<Bare> {
    let mut rest = file;
    take(&mut rest, 12)?;
    // What the container holds; what follows it is not of the image.
    let length = usize::try_from(little_u32(file, 4)?).ok()?.checked_sub(4)?;
    let mut rest = take(&mut rest, length)?;
    let (mut kept, mut turned, mut longer) = (Vec::with_capacity(file.len()), None, false);
    let (mut width, mut height) = (0, 0);
    while !rest.is_empty() {
        let length = usize::try_from(little_u32(rest, 4)?).ok()?;
        let padded = length.checked_add(8)?.checked_next_multiple_of(2)?;
        let chunk = take(&mut rest, padded)?;
        let (name, content) = chunk.get(..length + 8)?.split_at_checked(8)?;
        let name = name.get(..4)?;
        if let Some((wide, high)) = size(name, content) {
            (width, height) = (width.max(wide), height.max(high));
        }
        longer |= name == b"VP8X";
        if name == b"EXIF" {
            turned = exif::orientation(content);
        }
        if STAY.contains(&name) {
            kept.extend_from_slice(chunk);
        }
    }
    let turned = turned.filter(|_| longer);
    // The longer header comes first, and its flags are the first byte of its content.
    if let Some(flags) = kept.get_mut(8).filter(|_| longer) {
        *flags &= !(HAS_EXIF | HAS_XMP);
        *flags |= if turned.is_some() { HAS_EXIF } else { 0 };
    }
    if let Some(turned) = turned {
        let block = exif::block(turned);
        kept.extend(b"EXIF");
        kept.extend(u32::try_from(block.len()).ok()?.to_le_bytes());
        kept.extend(block);
    }
    let length = u32::try_from(kept.len() + 4).ok()?.to_le_bytes();
    let image = [&b"RIFF"[..], &length, b"WEBP", &kept].concat();
    (width > 0 && height > 0).then_some(Bare { image, width, height })
}

/// Of the canvas, or of an image in it.
fn size(name: &[u8], content: &[u8]) -> Option<(u32, u32)> {
    let less_one = |at: usize| Some(little_u32(content, at)? & 0x00ff_ffff).map(|size| size + 1);
    match name {
        // The last byte of the height is the last of all.
        b"VP8X" => Some((less_one(4)?, (little_u32(content, 6)? >> 8) + 1)),
        b"VP8 " if content.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            let side = |at| Some(u32::from(little_u16(content, at)? & 0x3fff));
            Some((side(6)?, side(8)?))
        }
        b"VP8L" if content.first()? == &0x2f => {
            let sizes = little_u32(content, 1)?;
            Some(((sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let padding: &[u8] = if content.len() % 2 == 1 { &[0] } else { &[] };
        [name, &length, content, padding].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        let chunks = chunks.concat();
        let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
        [&b"RIFF"[..], &length, b"WEBP", &chunks].concat()
    }

    #[test]
    fn the_header_of_the_longer_form_says_what_is_left() {
        let header = |flags: u8| chunk(b"VP8X", &[flags, 0, 0, 0, 0xff, 0, 0, 0x7f, 0, 0]);
        let data = chunk(b"VP8L", &[0x2f, 0xff, 0xc0, 0x1f, 0]);
        let (exif, xmp) = (chunk(b"EXIF", &exif::block(3)), chunk(b"XMP ", b"<x:xmpmeta/>!"));
        let with_all = file(&[header(0x2c), data.clone(), exif.clone(), xmp.clone()]);
        assert_eq!(bare(&with_all).unwrap().image, file(&[header(0x28), data.clone(), exif]));
        let bare = bare(&file(&[header(0x24), data.clone(), xmp])).unwrap();
        assert_eq!(bare.image, file(&[header(0x20), data]));
        assert_eq!((bare.width, bare.height), (256, 128));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            bare(&file(&[bytes]));
        }
    }
}

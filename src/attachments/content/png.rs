//! PNG: chunks, each with its length, name and checksum. Those stay that the picture needs.

use flate2::Crc;

use super::{Bare, big_u32, exif, take};

#[rustfmt::skip]
const STAY: &[&[u8]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

pub fn bare(file: &[u8]) -> Option<Bare> {
    let mut rest = file;
    let (mut image, mut turned) = (take(&mut rest, 8)?.to_vec(), None);
    let (mut width, mut height, mut first_end) = (0, 0, 0);
    loop {
        let length = usize::try_from(big_u32(rest, 0)?).ok()?;
        let chunk = take(&mut rest, length.checked_add(12)?)?;
        let (name, content) = chunk.get(4..length + 8)?.split_at_checked(4)?;
        match (name, first_end) {
            (b"IHDR", 0) if length == 13 => (width, height) = (big_u32(content, 0)?, big_u32(content, 4)?),
            (b"IHDR", _) | (_, 0) => return None,
            (b"eXIf", _) => turned = exif::orientation(content),
            _ => (),
        }
        if STAY.contains(&name) {
            image.extend_from_slice(chunk);
        }
        if first_end == 0 {
            first_end = image.len();
        }
        if name == b"IEND" {
            break;
        }
    }
    if let Some(turned) = turned {
        image.splice(first_end..first_end, chunk(b"eXIf", &exif::block(turned))?);
    }
    (width > 0 && height > 0).then_some(Bare { image, width, height })
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Option<Vec<u8>> {
    let mut checksum = Crc::new();
    checksum.update(name);
    checksum.update(content);
    let length = u32::try_from(content.len()).ok()?.to_be_bytes();
    Some([&length[..], name, content, &checksum.sum().to_be_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(middle: &[Vec<u8>]) -> Vec<u8> {
        let header = chunk(b"IHDR", &[0, 0, 0, 7, 0, 0, 0, 9, 8, 0, 0, 0, 0]).unwrap();
        let end = chunk(b"IEND", b"").unwrap();
        [b"\x89PNG\r\n\x1a\n".to_vec(), header, middle.concat(), end].concat()
    }

    #[test]
    fn texts_and_times_go_and_which_way_is_up_stays() {
        let data = chunk(b"IDAT", b"the picture").unwrap();
        let (text, exif) = (chunk(b"tEXt", b"Author\0Siti"), chunk(b"eXIf", &exif::block(6)));
        let file =
            with(&[text.unwrap(), data.clone(), exif.clone().unwrap(), chunk(b"tIME", b"now").unwrap()]);
        let bare = bare(&[&file[..], b"trailing"].concat()).unwrap();
        assert_eq!(bare.image, with(&[exif.unwrap(), data]));
        assert_eq!((bare.width, bare.height), (7, 9));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            bare(&[&b"\x89PNG\r\n\x1a\n"[..], &bytes].concat());
        }
    }
}

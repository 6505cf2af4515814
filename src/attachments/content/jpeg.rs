//! JPEG: segments, each behind a marker; a scan's data runs to the next marker. Of the segments that
//! applications add, those stay that change the colours; comments go, and so does what follows the end of the
//! image: phones put a second one there, with all that the first one was relieved of.

use super::{Bare, big_u16, exif, take};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const EXIF: u8 = 0xe1;

pub fn bare(file: &[u8]) -> Option<Bare> {
    let mut rest = file.strip_prefix(&[0xff, START])?;
    let (mut kept, mut size, mut turned) = (Vec::with_capacity(file.len()), None, None);
    let mut scans = 0;
    loop {
        let marker = next_marker(&mut rest)?;
        match marker {
            END if scans > 0 => break,
            0x00 | 0xff | START | END => return None,
            0x01 | 0xd0..=0xd7 => continue,
            _ => (),
        }
        let length = usize::from(big_u16(rest, 0)?);
        let segment = take(&mut rest, length)?;
        let content = segment.get(2..)?;
        if marker == EXIF && turned.is_none() && content.starts_with(b"Exif\0\0") {
            turned = exif::orientation(content);
        }
        if is_frame(marker) {
            let (height, width) = (big_u16(content, 1)?, big_u16(content, 3)?);
            // Several frames, or a height that is told later: nothing that a camera makes.
            if size.replace((width, height)).is_some() || width == 0 || height == 0 {
                return None;
            }
        }
        if stays(marker, content) {
            kept.extend([0xff, marker]);
            kept.extend_from_slice(segment);
        }
        if marker == SCAN {
            scans += 1;
            let end = rest.windows(2).position(ends_data)?;
            kept.extend_from_slice(take(&mut rest, end)?);
        }
    }
    let (width, height) = size?;
    let mut image = vec![0xff, START];
    if let Some(turned) = turned {
        let block = exif::block(turned);
        let length = u16::try_from(2 + 6 + block.len()).ok()?;
        image.extend([0xff, EXIF]);
        image.extend(length.to_be_bytes());
        image.extend(b"Exif\0\0");
        image.extend(block);
    }
    image.append(&mut kept);
    image.extend([0xff, END]);
    Some(Bare { image, width: width.into(), height: height.into() })
}

/// A marker may have any number of `ff` before it.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    if take(rest, 1)? != [0xff] {
        return None;
    }
    loop {
        match take(rest, 1)? {
            [0xff] => (),
            [marker] => return Some(*marker),
            _ => return None,
        }
    }
}

/// In a scan, `ff 00` is a byte of data, and `d0` to `d7` only restart it.
fn ends_data(pair: &[u8]) -> bool {
    matches!(pair, [0xff, marker] if !matches!(marker, 0x00 | 0xd0..=0xd7))
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

fn stays(marker: u8, content: &[u8]) -> bool {
    match marker {
        // Without the thumbnail that it can hold.
        0xe0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap();
        [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
    }

    fn frame() -> Vec<u8> {
        segment(0xc0, &[8, 0, 3, 0, 5, 1, 1, 0x11, 0])
    }

    #[test]
    fn what_is_about_the_image_goes_between_scans_too_and_what_follows_its_end() {
        let start =
            [&[0xff, START][..], &segment(0xfe, b"a comment"), &segment(EXIF, b"http://ns.adobe.com/")];
        let scan = [&segment(SCAN, &[1, 1, 0, 0, 63, 0])[..], &[1, 0xff, 0, 2, 0xff, 0xd0, 3]].concat();
        let more = [&segment(0xfe, b"another")[..], &scan, &[0xff, END], b"GPS of a second image"].concat();
        let bare = bare(&[&start.concat()[..], &frame(), &scan, &more].concat()).unwrap();
        assert_eq!(bare.image, [&[0xff, START][..], &frame(), &scan, &scan, &[0xff, END]].concat());
        assert_eq!((bare.width, bare.height), (5, 3));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            bare(&[&[0xff, START][..], &frame(), &bytes].concat());
        }
    }
}

//! What was sealed opens for its own subject, field and key, unchanged, and never otherwise.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::secrets::keys::tests::some_keys;

const NIK: &str = "persons.nik";
const PHONE: &str = "persons.phone";

fn a_subject() -> (Uuid, SubjectKey) {
    (Uuid::now_v7(), SubjectKey::generate().unwrap())
}

/// `bytes` once for each of its bits, with that bit changed.
fn each_bit_flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| flipped(bytes, bit))
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut altered = bytes.to_vec();
    altered[bit / 8] ^= 1 << (bit % 8);
    altered
}

#[test]
fn one_changed_bit_anywhere_closes_a_value_and_a_wrapped_key() -> Result<()> {
    let (keys, (subject, key)) = (some_keys(), a_subject());
    let sealed = key.seal(subject, NIK, b"9901014101900001")?;
    for altered in each_bit_flipped(&sealed) {
        assert_eq!(key.open(subject, NIK, &altered), Err(NotOpened));
    }
    let wrapped = key.wrap(&keys, subject)?;
    for altered in each_bit_flipped(&wrapped) {
        assert_eq!(SubjectKey::unwrap(&altered, &keys, subject).err(), Some(NotOpened));
    }
    Ok(())
}

#[test]
fn a_value_of_any_other_length_is_refused() -> Result<()> {
    let (keys, (subject, key)) = (some_keys(), a_subject());
    let (sealed, wrapped) = (key.seal(subject, NIK, b"")?, key.wrap(&keys, subject)?);
    for length in 0..sealed.len() {
        assert_eq!(key.open(subject, NIK, &sealed[..length]), Err(NotOpened));
    }
    for length in 0..wrapped.len() {
        assert!(SubjectKey::unwrap(&wrapped[..length], &keys, subject).is_err());
    }
    assert_eq!(key.open(subject, NIK, &[sealed.as_slice(), &[0]].concat()), Err(NotOpened));
    Ok(())
}

#[test]
fn a_value_can_not_move_to_another_row_column_or_key() -> Result<()> {
    let ((subject, key), (other, other_key)) = (a_subject(), a_subject());
    let sealed = key.seal(subject, NIK, b"9901014101900001")?;
    assert_eq!(key.open(other, NIK, &sealed), Err(NotOpened));
    assert_eq!(key.open(subject, PHONE, &sealed), Err(NotOpened));
    assert_eq!(other_key.open(subject, NIK, &sealed), Err(NotOpened));
    Ok(())
}

#[test]
fn a_wrapped_key_is_of_one_subject_and_one_key_file() -> Result<()> {
    let (keys, (subject, key)) = (some_keys(), a_subject());
    let sealed = key.seal(subject, NIK, b"9901014101900001")?;
    let wrapped = key.wrap(&keys, subject)?;
    let unwrapped = SubjectKey::unwrap(&wrapped, &keys, subject)?;
    assert_eq!(unwrapped.open(subject, NIK, &sealed)?, b"9901014101900001");
    assert_eq!(SubjectKey::unwrap(&wrapped, &keys, Uuid::now_v7()).err(), Some(NotOpened));
    assert_eq!(SubjectKey::unwrap(&wrapped, &some_keys(), subject).err(), Some(NotOpened));
    Ok(())
}

#[test]
fn sealing_twice_gives_different_bytes() -> Result<()> {
    let (subject, key) = a_subject();
    assert_ne!(key.seal(subject, NIK, b"9901014101900001")?, key.seal(subject, NIK, b"9901014101900001")?);
    Ok(())
}

#[test]
fn a_sealed_json_value_names_its_subject_and_opens_for_it_alone() -> Result<()> {
    let ((subject, key), (other, _)) = (a_subject(), a_subject());
    let plain = json!({ "line": "Jalan Contoh 1", "latitude": -6.3 });
    let sealed = key.seal_json(subject, "address", &plain)?;
    assert!(!sealed.to_string().contains("Contoh"));
    assert_eq!(subject_of(&sealed), Some(subject));
    assert_eq!(key.open_json(subject, "address", &sealed)?, plain);
    assert_eq!(key.open_json(subject, "full_name", &sealed), Err(NotOpened));
    assert_eq!(key.open_json(other, "address", &sealed), Err(NotOpened));
    let renamed = json!({ "sealed": sealed["sealed"], "subject": other });
    assert_eq!(key.open_json(subject, "address", &renamed), Err(NotOpened));
    assert_eq!(key.open_json(other, "address", &renamed), Err(NotOpened));
    for plain in [json!(null), json!("sealed"), json!({ "sealed": 1, "subject": subject }), plain] {
        assert_eq!(key.open_json(subject, "address", &plain), Err(NotOpened));
    }
    Ok(())
}

#[test]
fn debug_shows_nothing_of_a_key() {
    assert_eq!(format!("{:?}", SubjectKey(Zeroizing::new([65; 32]))), "SubjectKey(..)");
}

proptest! {
    #[test]
    fn any_bytes_come_back_and_any_flipped_bit_is_noticed(
        plain in vec(any::<u8>(), 0..600),
        field in "[a-z._|]{0,20}",
        at in vec(any::<Index>(), 40),
    ) {
        let (subject, key) = a_subject();
        let sealed = key.seal(subject, &field, &plain).unwrap();
        prop_assert_eq!(sealed.len(), 1 + 12 + plain.len() + 16);
        prop_assert_eq!(key.open(subject, &field, &sealed).unwrap(), plain);
        for bit in at {
            prop_assert!(key.open(subject, &field, &flipped(&sealed, bit.index(sealed.len() * 8))).is_err());
        }
    }

    #[test]
    fn bytes_that_nobody_sealed_never_open_and_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let (keys, (subject, key)) = (some_keys(), a_subject());
        prop_assert_eq!(key.open(subject, NIK, &bytes), Err(NotOpened));
        prop_assert!(SubjectKey::unwrap(&bytes, &keys, subject).is_err());
    }
}

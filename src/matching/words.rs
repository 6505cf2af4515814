//! Why a pair fits, and why a business stays without a mentor, as a person says it.

use super::{
    fit::{Candidate, Seeker, Share, Term, Why},
    payloads::Lack,
};
use crate::http::language::Language;

pub fn of_share(share: &Share, mentor: &Candidate, business: &Seeker, language: Language) -> String {
    let (id, en) = match (share.term, share.why) {
        (Term::Expertise, Why::Unknown) => ("Usaha belum dinilai", "The business has not been assessed"),
        (Term::Expertise, Why::NotMet) => {
            ("Keahliannya tidak mencakup yang lemah", "The expertise covers nothing that is weak")
        }
        (Term::Expertise, _) => {
            let weak = mentor.helps_with(business).join(", ");
            let words = language.pick("Keahliannya mencakup yang lemah", "The expertise covers what is weak");
            return format!("{words}: {weak}");
        }
        (Term::Subsector, Why::Met) => ("Mengenal subsektornya", "Knows the subsector"),
        (Term::Subsector, Why::Unknown) => ("Tidak menyebut subsektor", "Names no subsector"),
        (Term::Subsector, _) => ("Subsektor lain", "Other subsectors"),
        (Term::District, Why::Met) => ("Bekerja di kecamatannya", "Works in the district"),
        (Term::District, Why::Neighbouring) => ("Kecamatan tetangga", "A neighbouring district"),
        (Term::District, Why::Unknown) => ("Tidak menyebut kecamatan", "Names no district"),
        (Term::District, _) => ("Kecamatan lain", "Other districts"),
        (Term::Load, _) => {
            let (free, of) = (mentor.free(), mentor.capacity);
            return match language {
                Language::Indonesian => format!("{free} dari {of} tempat kosong"),
                Language::English => format!("{free} of {of} places free"),
            };
        }
        (Term::Qualification, Why::Met) => ("Kualifikasinya berlaku", "Holds a valid qualification"),
        (Term::Qualification, _) => ("Tanpa kualifikasi yang berlaku", "Holds no valid qualification"),
    };
    language.pick(id, en).to_owned()
}

pub fn of_lack(lack: Lack, language: Language) -> String {
    let (id, en) = match lack {
        Lack::NoPlace => {
            ("Tidak ada pendamping aktif dengan tempat kosong", "No active mentor has a place free")
        }
        Lack::NoSuitableMentor => (
            "Setiap pendamping yang punya tempat berkepentingan, pernah menolak, atau dikecualikan",
            "Each mentor with a place has an interest in it, declined it before, or was excluded",
        ),
        Lack::PlacesTaken => (
            "Semua tempat pendamping terpakai oleh pasangan yang lebih sesuai",
            "All places of mentors are taken by pairs that fit better",
        ),
    };
    language.pick(id, en).to_owned()
}

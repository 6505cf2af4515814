//! What the report says in each language.

use crate::http::language::words;

words! {
    lang: "id", "en";
    title: "Laporan penilaian usaha", "Business assessment report";
    title_of_business: "Usaha", "Business";
    number: "Nomor", "Number";
    subsector: "Subsektor", "Subsector";
    instrument: "Instrumen", "Instrument";
    version: "versi", "version";
    assessed_by: "Dinilai oleh", "Assessed by";
    by_owner: "pemilik usaha", "the owner";
    by_mentor: "pendamping", "the mentor";
    by_follow_up: "pendamping, penilaian lanjutan", "the mentor, follow-up";
    submitted: "Dikirim", "Submitted";
    reviewed: "Ditelaah", "Reviewed";
    not_reviewed: "belum ditelaah", "not reviewed yet";
    result: "Hasil", "Result";
    score: "Skor", "Score";
    of_100: "dari 100", "of 100";
    class: "Prospek", "Prospects";
    class_computed: "Kelas menurut jawaban", "Class from the answers";
    overridden: "Kelas diubah petugas dengan alasan", "An officer changed the class, because";
    potential: "Potensi", "Potential";
    bookkeeping: "Pembukuan", "Bookkeeping";
    dimensions: "Nilai per bidang", "Scores by dimension";
    dimension: "Bidang", "Dimension";
    weight: "Bobot", "Weight";
    change: "Perubahan", "Change";
    why: "Mengapa kelas ini", "Why this class";
    threshold: "batas", "threshold";
    lifts: "Yang paling menaikkan hasil", "What would lift the result most";
    now: "Sekarang", "Now";
    next: "Berikutnya", "Next";
    gain: "Tambahan", "Gain";
    question: "Pertanyaan", "Question";
    recommendations: "Saran tindak lanjut", "Recommendations";
    for_whom: "Oleh", "By";
    trend: "Perkembangan", "Progress";
    day: "Tanggal", "Day";
    gap: "Menurut pemilik dan menurut pendamping", "As the owner and as the mentor see it";
    owner: "Pemilik", "Owner";
    mentor: "Pendamping", "Mentor";
    answers: "Jawaban", "Answers";
    answer: "Jawaban", "Answer";
    points: "Poin", "Points";
    hidden: "Jawaban satu per satu tidak ditampilkan untuk peran ini.", "Single answers are not shown to this role.";
    none: "Tidak ada.", "None.";
    objection: "Pemilik dapat mengajukan keberatan atas kelas ini sampai", "The owner may object to this class until";
    note: "Skor dihitung sekali saat dikirim dan tidak berubah bila instrumen berubah. Poin adalah bagian dari 100.",
        "The score was computed once, on submission, and does not change when the instrument does. Points are out of 100.";
    facilitation: "Bidang Fasilitasi", "Facilitation division";
    cooperatives: "Bidang Koperasi", "Cooperatives division";
    standardisation: "meja standardisasi produk", "product standards desk";
    programme: "seksi program", "programme section";
    yes: "ya", "yes";
    no: "tidak", "no";
}

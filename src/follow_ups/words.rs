//! What the page says in each language.

use crate::http::language::words;

words! {
    lang: "id", "en";
    title: "Bagaimana usaha Anda sekarang?", "How is your business doing?";
    intro: "Pendampingan usaha Anda sudah selesai. Mohon isi beberapa angka. Isian ini hanya dipakai oleh program pendampingan.",
        "The coaching of your business has ended. Please fill in a few figures. Only the mentoring programme uses them.";
    open: "Apakah usaha Anda masih berjalan?", "Is your business still running?";
    yes: "Ya", "Yes";
    no: "Tidak, sudah tutup", "No, it has closed";
    no_short: "Tidak", "No";
    revenue: "Omzet sebulan terakhir, dalam rupiah", "Sales of the last month, in rupiah";
    revenue_hint: "Contoh: 7.000.000", "Example: 7,000,000";
    employees_female: "Pekerja perempuan, termasuk Anda", "Women who work in it, with yourself";
    employees_male: "Pekerja laki-laki, termasuk Anda", "Men who work in it, with yourself";
    customers: "Pelanggan sebulan terakhir", "Customers of the last month";
    bookkeeping: "Pembukuan Anda", "Your bookkeeping";
    level_0: "Belum ada catatan", "Nothing is written down";
    level_1: "Kadang-kadang dicatat", "Something is written down now and then";
    level_2: "Kas dicatat setiap hari", "Cash is written down every day";
    level_3: "Laba rugi dihitung setiap bulan", "Profit and loss are drawn up each month";
    level_4: "Laporan keuangan lengkap", "Complete statements are drawn up";
    credit: "Apakah usaha punya kredit dari bank, koperasi, atau lembaga berizin?",
        "Does it have credit of a bank, a cooperative or another licensed lender?";
    attribution: "Seberapa besar peran pendampingan dalam perubahan usaha Anda?",
        "How much did the coaching have to do with what has changed?";
    share_none: "Tidak ada", "Nothing";
    share_partly: "Sebagian", "Partly";
    share_mostly: "Sebagian besar", "Mostly";
    share_fully: "Seluruhnya", "Fully";
    send: "Kirim", "Send";
    mend: "Mohon perbaiki isian berikut:", "Please mend these:";
    wrong_open: "Pilih salah satu.", "Choose one.";
    wrong_number: "Tulis angka bulat, misalnya 7.000.000.", "Write a whole number, such as 7,000,000.";
    thanks: "Terima kasih", "Thank you";
    thanks_more: "Jawaban Anda sudah kami simpan. Halaman ini boleh ditutup.", "Your answer has been stored. You may close this page.";
    gone: "Tautan ini tidak berlaku", "This link is no longer good";
    gone_more: "Tautan sudah dipakai atau lewat waktunya. Mintalah tautan baru kepada pendamping atau dinas.",
        "It was used already, or its time is over. Ask your mentor or the department for a new one.";
    other_language: "English", "Bahasa Indonesia";
    other_code: "en", "id";
}

//! Certifications through HTTP: planned, proved, decided, watched, and what is still missing.

mod case;
mod deciding;
mod expiry;
mod insights;
mod pipeline;
mod planning;
mod requirements;

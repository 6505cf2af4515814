//! Hand-overs through HTTP: what opens them, and what a division does with them.

mod answers;
mod case;
mod opening;

//! Whose time it takes: the first question of every profile.

use std::fs;

/// Seconds of processor time of the load, the service, the database, and all that run on the machine.
#[derive(Clone, Copy, Default)]
pub struct Cpu {
    pub client: f64,
    pub service: f64,
    pub postgres: f64,
    pub all: f64,
}

/// Who is who.
#[derive(Clone, Copy)]
pub struct Processes {
    pub service: Option<u32>,
    /// The parent of every connection's process.
    pub postmaster: Option<u32>,
}

impl Processes {
    /// Until now, with the connections and the load generator that have ended. (The service is stopped
    /// before one looks, or runs on: it never ends between two looks.)
    pub fn used(self) -> Cpu {
        let mut cpu = Cpu { all: all().unwrap_or_default(), ..Cpu::default() };
        for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(id) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let Some(Times { parent, own, ended }) = of(id) else { continue };
            match id {
                id if id == std::process::id() => cpu.client += own + ended,
                id if Some(id) == self.service => cpu.service += own,
                id if Some(id) == self.postmaster => cpu.postgres += own + ended,
                _ if Some(parent) == self.postmaster => cpu.postgres += own,
                _ => (),
            }
        }
        cpu
    }
}

impl Cpu {
    /// What a request takes of it, in microseconds: client, service, database.
    pub fn each(self, requests: u64) -> [f64; 3] {
        [self.client, self.service, self.postgres].map(|seconds| seconds * 1e6 / requests as f64)
    }

    /// How much of it somebody else used, who had no business here.
    pub fn strangers(self) -> f64 {
        (1.0 - (self.client + self.service + self.postgres) / self.all).max(0.0)
    }

    pub fn add(&mut self, more: Self) {
        self.client += more.client;
        self.service += more.service;
        self.postgres += more.postgres;
        self.all += more.all;
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            client: self.client - before.client,
            service: self.service - before.service,
            postgres: self.postgres - before.postgres,
            all: self.all - before.all,
        }
    }
}

/// The parent of a process, and the seconds that it and its children that have ended have used.
pub struct Times {
    pub parent: u32,
    own: f64,
    ended: f64,
}

pub fn of(id: u32) -> Option<Times> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    // Linux counts these in hundredths of a second, whatever its clock.
    let seconds = |at: usize| Some(f64::from(number(at)? + number(at + 1)?) / 100.0);
    Some(Times { parent: number(1)?, own: seconds(11)?, ended: seconds(13)? })
}

/// Of the whole machine, without what it idled and waited.
fn all() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let counts = stat.lines().next()?.split_whitespace().skip(1).take(8).enumerate();
    let busy =
        counts.filter(|(at, _)| ![3, 4].contains(at)).filter_map(|(_, count)| count.parse::<f64>().ok());
    Some(busy.sum::<f64>() / 100.0)
}

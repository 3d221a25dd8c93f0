//! Where the random numbers of a render come from, and what is costly to make of them.

use super::helm::Memory;
use crate::engine::Seed;
use hmac::{Hmac, KeyInit, Mac};
use mwrender_gotemplate::{Context, Failure};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// The random numbers of a render: of the system, or all from a seed.
#[derive(Default)]
pub(crate) struct Chance {
    seed: Option<Seed>,
    numbers: RefCell<Option<ChaCha20Rng>>,
}

impl Chance {
    pub(crate) fn new(seed: Option<Seed>) -> Chance {
        Chance { seed, numbers: RefCell::default() }
    }

    /// Begins the numbers of a file, so that one that draws more or fewer does not change those of the next.
    pub(crate) fn begin(&self, path: &str) {
        // HMAC takes keys of all lengths
        if let Some(Seed(seed)) = &self.seed
            && let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(seed)
        {
            mac.update(path.as_bytes());
            *self.numbers.borrow_mut() = Some(ChaCha20Rng::from_seed(mac.finalize().into_bytes().into()));
        }
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        let mut numbers = self.numbers.borrow_mut();
        let numbers = match &mut *numbers {
            Some(numbers) => numbers,
            none => {
                let mut seed = [0; 32];
                from_system(&mut seed)?;
                none.insert(ChaCha20Rng::from_seed(seed))
            }
        };
        numbers.fill_bytes(bytes);
        Ok(())
    }
}

fn from_system(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| Failure::from(format!("no random numbers: {error}")))
}

/// Fills bytes with random ones.
pub(super) fn fill(context: &Context<'_>, bytes: &mut [u8]) -> Result<(), Failure> {
    match context.host::<Memory>() {
        Some(memory) => memory.chance.fill(bytes),
        None => from_system(bytes),
    }
}

/// A random number below another, each with the same chance.
pub(super) fn below(context: &Context<'_>, limit: u64) -> Result<u64, Failure> {
    let fair = u64::MAX - u64::MAX % limit;
    loop {
        let mut bytes = [0; 8];
        fill(context, &mut bytes)?;
        let n = u64::from_le_bytes(bytes);
        if n < fair {
            return Ok(n % limit);
        }
    }
}

/// What was made of random bytes and is remembered, so that renders with one seed make it once.
pub(super) type Known<K, T> = LazyLock<Mutex<HashMap<([u8; 32], K), T>>>;

/// Draws 32 bytes and makes something slow of them: with a seed, only the first time.
pub(super) fn make<K: std::hash::Hash + Eq, T: Clone>(
    context: &Context<'_>,
    known: &'static Known<K, T>,
    key: K,
    make: impl FnOnce([u8; 32]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut drawn = [0; 32];
    fill(context, &mut drawn)?;
    let is_seeded = context.host::<Memory>().is_some_and(|memory| memory.chance.seed.is_some());
    if !is_seeded {
        return make(drawn);
    }
    let key = (drawn, key);
    if let Some(made) = known.lock().ok().and_then(|known| known.get(&key).cloned()) {
        return Ok(made);
    }
    let made = make(drawn)?;
    if let Ok(mut known) = known.lock() {
        known.insert(key, made.clone());
    }
    Ok(made)
}

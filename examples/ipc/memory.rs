//! Memory that both processes see, and a bell for either of them.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::{mem, slice};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap, shm_open, shm_unlink};
use nix::sys::stat::Mode;

use crate::name::{name, unlinked};
use crate::talk::{Ends, Line};

/// As many bytes as a pipe holds, so that neither has more room than the other
/// where messages are short.
const ROOM: usize = 65_536;

// ANCHOR: shared
/// What lies at the start of the memory. It comes zeroed, which is a valid
/// value of each part.
#[repr(C)]
struct Shared {
    lanes: [Lane; 2],
    asleep: [Apart<AtomicBool>; 2],
}

/// The state of one direction. Message `n` is in slot `n % slots`.
#[repr(C)]
struct Lane {
    /// Messages sent so far. The sender alone counts.
    sent: Apart<AtomicUsize>,
    /// Messages that the receiver is done with. The receiver alone counts.
    done: Apart<AtomicUsize>,
}

/// On a cache line of its own, which two processes need not fight over.
#[repr(C, align(64))]
struct Apart<T>(T);
// ANCHOR_END: shared

/// One of the two ends. The other has the other number.
struct End {
    memory: Rc<Memory>,
    me: usize,
    size: usize,
    slots: usize,
    holding: bool,
    my_bell: PipeReader,
    their_bell: PipeWriter,
}

// ANCHOR: send
impl Line for End {
    /// Copies the message into a free slot, and hands the slot over.
    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let lane = &self.memory.shared().lanes[self.me];
        let sent = lane.sent.0.load(Relaxed);
        self.sleep_until(|| sent - lane.done.0.load(SeqCst) < self.slots)?;
        // SAFETY: the slot is free, and stays so until `sent` says otherwise.
        unsafe { self.slot(self.me, sent) }.copy_from_slice(message);
        lane.sent.0.store(sent + 1, SeqCst);
        self.wake_them()
    }

    /// Gives the message where it lies. The slot is free again at the next call.
    fn receive(&mut self) -> io::Result<&[u8]> {
        let lane = &self.memory.shared().lanes[1 - self.me];
        let mut done = lane.done.0.load(Relaxed);
        if mem::take(&mut self.holding) {
            done += 1;
            lane.done.0.store(done, SeqCst);
            self.wake_them()?;
        }
        self.sleep_until(|| lane.sent.0.load(SeqCst) > done)?;
        self.holding = true;
        // SAFETY: the slot is full, and stays so until `done` says otherwise.
        Ok(unsafe { self.slot(1 - self.me, done) })
    }
}
// ANCHOR_END: send

// ANCHOR: sleep
/// The orderings: a count that is stored releases the bytes of its slot, and
/// one that is loaded acquires them. For that, Release and Acquire would do.
/// But who goes to sleep stores `asleep` and then loads a count, while the
/// other stores the count and then looks at `asleep`. Only if all four are
/// SeqCst can they not both miss what the other stored. Our own count is
/// loaded Relaxed: nobody else stores it.
impl End {
    fn sleep_until(&self, ready: impl Fn() -> bool) -> io::Result<()> {
        let asleep = &self.memory.shared().asleep[self.me].0;
        while !ready() {
            asleep.store(true, SeqCst);
            // Ready after all, unless they have seen us asleep and rung.
            if ready() && asleep.swap(false, SeqCst) {
                break;
            }
            // One byte for each time that they woke us; an error if they are gone.
            (&self.my_bell).read_exact(&mut [0])?;
        }
        Ok(())
    }

    fn wake_them(&self) -> io::Result<()> {
        let asleep = &self.memory.shared().asleep[1 - self.me].0;
        if asleep.swap(false, SeqCst) {
            (&self.their_bell).write_all(&[0])?;
        }
        Ok(())
    }
}
// ANCHOR_END: sleep

// ANCHOR: map
/// The memory, mapped into this process and into the children that it forks.
struct Memory {
    start: NonNull<u8>,
    length: NonZeroUsize,
}

impl Memory {
    fn new(length: usize) -> io::Result<Memory> {
        let name = name("memory");
        let file = unlinked(
            || {
                let how = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL;
                shm_open(name.as_str(), how, Mode::S_IRUSR | Mode::S_IWUSR)
            },
            || shm_unlink(name.as_str()),
        )?;
        File::from(file.try_clone()?).set_len(length as u64)?;
        let length = NonZeroUsize::new(length).ok_or(io::ErrorKind::InvalidInput)?;
        let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping, where the kernel has room for it.
        let start = unsafe { mmap(None, length, access, MapFlags::MAP_SHARED, &file, 0)? };
        Ok(Memory { start: start.cast(), length })
    }
}
// ANCHOR_END: map

/// Whether the memory can still be found by its name.
pub fn has_a_name() -> bool {
    shm_open(name("memory").as_str(), OFlag::O_RDONLY, Mode::empty()).err() != Some(Errno::ENOENT)
}

pub fn ends(size: usize) -> io::Result<Ends> {
    let slots = (ROOM / size).max(2);
    let memory = Rc::new(Memory::new(mem::size_of::<Shared>() + 2 * slots * size)?);
    let (bell_of_a, to_a) = io::pipe()?;
    let (bell_of_b, to_b) = io::pipe()?;
    let end = |me, my_bell, their_bell| {
        let memory = Rc::clone(&memory);
        Box::new(End { memory, me, size, slots, holding: false, my_bell, their_bell })
    };
    Ok((end(0, bell_of_a, to_b), end(1, bell_of_b, to_a)))
}

impl Memory {
    fn shared(&self) -> &Shared {
        // SAFETY: mapped, zeroed and aligned to a page at least. Both processes
        // change it through atomics alone.
        unsafe { self.start.cast().as_ref() }
    }
}

impl End {
    /// # Safety
    ///
    /// Nobody else may use the slot for as long as the caller does.
    #[allow(clippy::mut_from_ref, reason = "it lies in memory that is not ours alone")]
    unsafe fn slot(&self, lane: usize, number: usize) -> &mut [u8] {
        let place = lane * self.slots + number % self.slots;
        let offset = mem::size_of::<Shared>() + place * self.size;
        // SAFETY: within the mapping, and by the caller's word ours for now.
        unsafe { slice::from_raw_parts_mut(self.memory.start.add(offset).as_ptr(), self.size) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: both ends are dropped, and with them whatever led into it.
        let _ = unsafe { munmap(self.start.cast(), self.length.get()) };
    }
}

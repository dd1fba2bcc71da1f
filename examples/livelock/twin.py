"""How can everybody be busy and nobody get on? The same in Python."""

import pathlib
import random
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: at_once
def at_once(locks, me):
    """Finds the next lock taken, gives its own back, and tries again at once."""
    following = locks[(me + 1) % len(locks)]
    tries = 1
    while True:
        with locks[me]:
            if following.acquire(blocking=False):
                following.release()
                return tries
        tries += 1
# ANCHOR_END: at_once


# ANCHOR: in_step
def in_step(locks, me, beat, rounds, pause):
    """The same to a common beat; whoever fails sits out as many rounds as `pause` says."""
    following = locks[(me + 1) % len(locks)]
    tries, to_sit_out, got_in = 0, 0, None
    for turn in range(1, rounds + 1):
        if to_sit_out > 0:
            to_sit_out -= 1
            beat.wait()
            beat.wait()
            continue
        tries += 1
        with locks[me]:
            beat.wait()
            both = following.acquire(blocking=False)
            if both:
                following.release()
            beat.wait()
        if both:
            got_in, to_sit_out = turn, rounds
        else:
            to_sit_out = pause(tries)
    return tries, got_in
# ANCHOR_END: in_step


# ANCHOR: random
def by_lot(seed):
    """From a range that doubles with every failure, up to 64."""
    lots = random.Random(seed)
    return lambda failures: lots.randrange(2 ** min(failures, 6))
# ANCHOR_END: random


def ring(count, get_in):
    """So many threads round so many locks."""
    locks = [threading.Lock() for _ in range(count)]
    came = [None] * count

    def run(me):
        came[me] = get_in(locks, me)

    threads = [threading.Thread(target=run, args=(me,)) for me in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def main():
    notebook = Notebook(__doc__, trials=30, threads=4, rounds=100, entries=20_000)
    count, rounds = notebook.options.threads, notebook.options.rounds
    entries = notebook.options.entries
    for trial in notebook.trials():
        beat = threading.Barrier(count)
        for variant, pause in [
            ("in step, no pause", lambda me: lambda failures: 0),
            ("in step, same pause", lambda me: lambda failures: 1),
            ("in step, own pause", lambda me: lambda failures: me),
            ("in step, random", lambda me: by_lot(trial * count + me)),
        ]:
            came = ring(count, lambda locks, me: in_step(locks, me, beat, rounds, pause(me)))
            got_in = [turn for _, turn in came if turn is not None]
            tries = sum(tries for tries, _ in came)
            notebook.record("tries", variant, "count", tries)
            notebook.record("got in", variant, "count", len(got_in))
            if got_in:
                notebook.record("last in, round", variant, "count", max(got_in))
                notebook.record("tries per entry", variant, "ratio", tries / len(got_in))

        def free(locks, me):
            beat.wait()
            return sum(at_once(locks, me) for _ in range(entries))

        tries = ring(count, free)
        notebook.record("tries", "free, no pause", "count", sum(tries))
        notebook.record("got in", "free, no pause", "count", len(tries))
        notebook.record("tries per entry", "free, no pause", "ratio", sum(tries) / count / entries)
    notebook.finish()


if __name__ == "__main__":
    main()

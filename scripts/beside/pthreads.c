/* Seconds to start and join a thread that does nothing, on raw pthreads: what
 * scripts/bench sets the threads of `spawn_cost` beside.
 *
 * With an argument, each thread first does what Rust's std has a thread do, to
 * be able to report a stack overflow: it finds out where its stack ends, and
 * gives its signal handlers a stack of their own. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { THREADS = 2000, PAGE = 4096, HANDLERS = 2 * PAGE };

static void *nothing(void *argument) { return argument; }

static void *nothing_with_a_guard(void *argument) {
    pthread_attr_t attributes;
    void *stack;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &stack, &size);
    pthread_attr_destroy(&attributes);
    char *room = mmap(NULL, PAGE + HANDLERS, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    mprotect(room, PAGE, PROT_NONE);
    stack_t own = {.ss_sp = room + PAGE, .ss_size = HANDLERS};
    sigaltstack(&own, NULL);
    stack_t none = {.ss_flags = SS_DISABLE, .ss_size = HANDLERS};
    sigaltstack(&none, NULL);
    munmap(room, PAGE + HANDLERS);
    return argument;
}

int main(int count, char **arguments) {
    (void)arguments;
    void *(*work)(void *) = count > 1 ? nothing_with_a_guard : nothing;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) || pthread_join(thread, NULL)) {
            fputs("pthreads: cannot start a thread\n", stderr);
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9;
    printf("%.9f\n", seconds / THREADS);
    return 0;
}

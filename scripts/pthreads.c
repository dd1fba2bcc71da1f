/* Seconds to start and join a thread that does nothing, on raw pthreads: what
 * scripts/bench sets the threads of `spawn_cost` beside. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void *nothing(void *argument) { return argument; }

int main(void) {
    enum { THREADS = 2000 };
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL)) {
            perror("pthreads");
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9;
    printf("%.9f\n", seconds / THREADS);
    return 0;
}

/* A round trip of 64 bytes through two pipes, as examples/ipc makes it: parent and child on a core
 * each, every byte looked at. Prints seconds for one, the mean of as many as the argument says.
 * scripts/bench compiles it, to set Rust's beside it. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64 };

static void keep_to(cpu_set_t *all, int place) {
    cpu_set_t one;
    CPU_ZERO(&one);
    int last = 0;
    for (int core = 0; core < CPU_SETSIZE && place >= 0; core++)
        if (CPU_ISSET(core, all)) {
            last = core;
            place--;
        }
    CPU_SET(last, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) exit(1);
}

static void take(int from, unsigned char *message) {
    for (ssize_t got = 0, more; got < SIZE; got += more)
        if ((more = read(from, message + got, SIZE - got)) <= 0) exit(1);
}

static void give(int to, const unsigned char *message) {
    if (write(to, message, SIZE) != SIZE) exit(1);
}

static uint64_t checksum(const unsigned char *message) {
    uint64_t sum = 0, word;
    for (int place = 0; place < SIZE; place += 8) {
        memcpy(&word, message + place, 8);
        sum = sum * 0x9e3779b97f4a7c15 + word;
    }
    return sum;
}

int main(int count, char **words) {
    long rounds = count > 1 ? atol(words[1]) : 1000;
    int there[2], back[2];
    cpu_set_t all;
    if (pipe(there) != 0 || pipe(back) != 0 || sched_getaffinity(0, sizeof all, &all) != 0) return 1;
    unsigned char message[SIZE], question[SIZE];
    for (int place = 0; place < SIZE; place++) message[place] = question[place] = place;
    if (fork() == 0) {
        keep_to(&all, 1);
        unsigned char arrived[SIZE];
        for (long round = 0; round < rounds + 1; round++) {
            take(there[0], arrived);
            uint64_t sum = checksum(arrived);
            memcpy(message, &sum, 8);
            give(back[1], message);
        }
        _exit(0);
    }
    keep_to(&all, 0);
    struct timespec start, end;
    unsigned char arrived[SIZE];
    for (long round = 0; round < rounds + 1; round++) {
        /* The first answer comes when the child has started. */
        if (round == 1) clock_gettime(CLOCK_MONOTONIC, &start);
        memcpy(question, &round, 8);
        give(there[1], question);
        take(back[0], arrived);
        uint64_t sum = checksum(question);
        memcpy(message, &sum, 8);
        if (memcmp(message, arrived, SIZE) != 0) return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.9f\n", (end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9) / rounds);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/parallel.h"

#include <stdatomic.h>

#include <pthread.h>

enum { MAX_THREADS = 256 };

typedef struct shared {
    size_t n;
    mtp_task task;
    void *context;
    atomic_size_t next;
    pthread_mutex_t lock;
    size_t failed_index; /* n: none */
    mtp_status status;
} shared;

static void remember(shared *s, size_t index, mtp_status status)
{
    (void)pthread_mutex_lock(&s->lock);
    if (index < s->failed_index) {
        s->failed_index = index;
        s->status = status;
    }
    (void)pthread_mutex_unlock(&s->lock);
}

/* Every task runs even after a failure, so that the first one by index is known. */
static void *worker(void *argument)
{
    shared *s = argument;

    for (;;) {
        size_t index = atomic_fetch_add(&s->next, 1);
        mtp_status status;

        if (index >= s->n) {
            return NULL;
        }
        status = s->task(s->context, index);
        if (status != MTP_OK) {
            remember(s, index, status);
        }
    }
}

mtp_status mtp_parallel_for(size_t n, unsigned threads, mtp_task task, void *context)
{
    shared s = {.n = n, .task = task, .context = context, .failed_index = n};
    pthread_t thread[MAX_THREADS];
    size_t started = 0, wanted = threads < 1 ? 1 : threads;

    wanted = wanted > MAX_THREADS ? MAX_THREADS : wanted;
    wanted = wanted > n ? n : wanted;
    if (pthread_mutex_init(&s.lock, NULL) != 0) {
        return MTP_E_NOMEM;
    }
    while (started + 1 < wanted &&
           pthread_create(&thread[started], NULL, worker, &s) == 0) {
        started++;
    }
    (void)worker(&s);
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(thread[i], NULL);
    }
    (void)pthread_mutex_destroy(&s.lock);
    return s.status;
}

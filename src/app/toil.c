/* toil.c - a ring of jobs under one lock, and the threads that take them. */
#include "app/toil.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/base.h"

struct toil_job {
    void (*fn)(void *arg);
    void *arg;
};

struct toil {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct toil_job *ring;
    size_t max, first, count;
    bool is_closing;
    pthread_t *threads;
    int thread_count;
};

static void *work(void *arg)
{
    struct toil *toil = arg;
    pthread_mutex_lock(&toil->lock);
    for (;;) {
        while (toil->count == 0 && !toil->is_closing)
            pthread_cond_wait(&toil->more, &toil->lock);
        if (toil->count == 0)
            break;
        struct toil_job job = toil->ring[toil->first];
        toil->first = (toil->first + 1) % toil->max;
        toil->count--;
        pthread_mutex_unlock(&toil->lock);
        job.fn(job.arg);
        pthread_mutex_lock(&toil->lock);
    }
    pthread_mutex_unlock(&toil->lock);
    return NULL;
}

struct toil *toil_open(int threads, size_t queue_max)
{
    struct toil *toil = mem_new(sizeof *toil);
    pthread_mutex_init(&toil->lock, NULL);
    pthread_cond_init(&toil->more, NULL);
    toil->ring = mem_new(queue_max * sizeof *toil->ring);
    toil->max = queue_max;
    toil->threads = mem_new((size_t)threads * sizeof *toil->threads);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&toil->threads[i], NULL, work, toil) != 0)
            UNREACHABLE("no thread for toil");
        toil->thread_count++;
    }
    return toil;
}

bool toil_submit(struct toil *toil, void (*fn)(void *arg), void *arg)
{
    pthread_mutex_lock(&toil->lock);
    bool is_taken = toil->count < toil->max && !toil->is_closing;
    if (is_taken) {
        size_t at = (toil->first + toil->count++) % toil->max;
        toil->ring[at] = (struct toil_job){fn, arg};
        pthread_cond_signal(&toil->more);
    }
    pthread_mutex_unlock(&toil->lock);
    return is_taken;
}

void toil_stop(struct toil *toil)
{
    pthread_mutex_lock(&toil->lock);
    toil->is_closing = true;
    pthread_cond_broadcast(&toil->more);
    pthread_mutex_unlock(&toil->lock);
    for (int i = 0; i < toil->thread_count; i++)
        pthread_join(toil->threads[i], NULL);
    toil->thread_count = 0;
}

void toil_close(struct toil *toil)
{
    if (!toil)
        return;
    toil_stop(toil);
    pthread_cond_destroy(&toil->more);
    pthread_mutex_destroy(&toil->lock);
    mem_free(toil->threads);
    mem_free(toil->ring);
    mem_free(toil);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE 1 /* madvise */
#include "core/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __linux__
#include <sys/mman.h>
#endif

enum { FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

typedef struct block {
    struct block *previous;
    size_t size; /* bytes of data */
    size_t used;
    max_align_t data[];
} block;

/* Memory that can be resized: a list of its own, linked both ways. */
typedef struct loose {
    struct loose *previous, *next;
    max_align_t data[];
} loose;

struct mtp_arena {
    block *last;
    loose *first;
};

/* The only mutable static of the library: a test hook, off unless a test sets it. */
static _Thread_local size_t fail_countdown;
static _Thread_local int fail_armed;

void mtp_arena_fail_after(size_t n)
{
    fail_armed = n > 0;
    fail_countdown = n;
}

static int must_fail(void)
{
    if (!fail_armed) {
        return 0;
    }
    if (fail_countdown > 1) {
        fail_countdown--;
        return 0;
    }
    return 1;
}

static block *block_new(size_t size, block *previous)
{
    block *b;

    if (size > SIZE_MAX - sizeof *b) {
        return NULL;
    }
    b = malloc(sizeof *b + size);
    if (b) {
        b->previous = previous;
        b->size = size;
        b->used = 0;
    }
    return b;
}

mtp_arena *mtp_arena_new(void)
{
    mtp_arena *arena = must_fail() ? NULL : malloc(sizeof *arena);

    if (arena) {
        *arena = (mtp_arena){0};
    }
    return arena;
}

void mtp_arena_free(mtp_arena *arena)
{
    if (!arena) {
        return;
    }
    mtp_arena_release(arena, (mtp_arena_mark){NULL, 0});
    while (arena->first) {
        mtp_arena_drop(arena, arena->first->data);
    }
    free(arena);
}

void *mtp_arena_alloc(mtp_arena *arena, size_t count, size_t size)
{
    const size_t align = sizeof(max_align_t);
    block *b = arena->last;
    size_t bytes;
    void *at;

    if (must_fail() || (size > 0 && count > (SIZE_MAX - align) / size)) {
        return NULL;
    }
    bytes = (count * size + align - 1) / align * align;
    if (!b || b->size - b->used < bytes) {
        size_t next = b ? 2 * b->size : FIRST_BLOCK;

        next = next > LARGEST_STEP ? LARGEST_STEP : next;
        b = block_new(bytes > next ? bytes : next, arena->last);
        if (!b) {
            return NULL;
        }
        arena->last = b;
    }
    at = (char *)b->data + b->used;
    b->used += bytes;
    return at;
}

/* Ask for large pages: touching an array for the first time then takes a third of the
 * time. Whole pages are named, for realloc cannot move a mapping that has two kinds. */
static void use_large_pages(void *memory, size_t size)
{
#if defined __linux__ && defined MADV_HUGEPAGE
    enum { LARGE = 2 * 1024 * 1024, PAGE = 4096 };
    size_t before = (uintptr_t)memory % PAGE;

    if (size >= LARGE) {
        (void)madvise((char *)memory - before, (before + size + PAGE - 1) / PAGE * PAGE,
                      MADV_HUGEPAGE);
    }
#else
    (void)memory;
    (void)size;
#endif
}

static loose *loose_of(void *memory)
{
    return (loose *)(void *)((char *)memory - offsetof(loose, data));
}

void *mtp_arena_resize(mtp_arena *arena, void *old, size_t count, size_t size)
{
    loose *l;

    if (must_fail() || (size > 0 && count > (SIZE_MAX - sizeof *l) / size)) {
        return NULL;
    }
    l = realloc(old ? loose_of(old) : NULL, sizeof *l + count * size);
    if (!l) {
        return NULL;
    }
    use_large_pages(l, sizeof *l + count * size);
    if (!old) {
        *l = (loose){.next = arena->first};
    }
    if (l->previous) {
        l->previous->next = l;
    } else {
        arena->first = l;
    }
    if (l->next) {
        l->next->previous = l;
    }
    return l->data;
}

void mtp_arena_drop(mtp_arena *arena, void *memory)
{
    loose *l;

    if (!memory) {
        return;
    }
    l = loose_of(memory);
    if (l->previous) {
        l->previous->next = l->next;
    } else {
        arena->first = l->next;
    }
    if (l->next) {
        l->next->previous = l->previous;
    }
    free(l);
}

void *mtp_heap_resize(void *old, size_t size)
{
    return must_fail() ? NULL : realloc(old, size);
}

void *mtp_arena_zalloc(mtp_arena *arena, size_t count, size_t size)
{
    void *at = mtp_arena_alloc(arena, count, size);

    if (at) {
        memset(at, 0, count * size);
    }
    return at;
}

char *mtp_arena_strndup(mtp_arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? mtp_arena_alloc(arena, length + 1, 1) : NULL;

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *mtp_arena_strdup(mtp_arena *arena, const char *text)
{
    return mtp_arena_strndup(arena, text, strlen(text));
}

char *mtp_arena_vprintf(mtp_arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text = NULL;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0) {
        text = mtp_arena_alloc(arena, (size_t)length + 1, 1);
    }
    if (text) {
        (void)vsnprintf(text, (size_t)length + 1, format, args);
    }
    return text;
}

char *mtp_arena_printf(mtp_arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = mtp_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

mtp_arena_mark mtp_arena_save(const mtp_arena *arena)
{
    return (mtp_arena_mark){arena->last, arena->last ? arena->last->used : 0};
}

void mtp_arena_release(mtp_arena *arena, mtp_arena_mark mark)
{
    while (arena->last && arena->last != mark.block) {
        block *previous = arena->last->previous;

        free(arena->last);
        arena->last = previous;
    }
    if (arena->last) {
        arena->last->used = mark.used;
    }
}

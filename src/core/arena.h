/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_ARENA_H
#define MTP_CORE_ARENA_H

#include "metapool/export.h"

#include <stdarg.h>
#include <stddef.h>

/**
 * An arena: everything reachable from a handle is allocated in the handle's arena and
 * freed with it, once. Allocation returns NULL when memory is exhausted; alignment is
 * that of max_align_t; memory is not cleared unless the name says so.
 */
typedef struct mtp_arena mtp_arena;

mtp_arena *mtp_arena_new(void); /* NULL when memory is exhausted */
void mtp_arena_free(mtp_arena *arena);

/** NULL also when count * size overflows. count 0 gives a valid pointer. */
void *mtp_arena_alloc(mtp_arena *arena, size_t count, size_t size);
void *mtp_arena_zalloc(mtp_arena *arena, size_t count, size_t size); /* cleared */
char *mtp_arena_strdup(mtp_arena *arena, const char *text);
char *mtp_arena_strndup(mtp_arena *arena, const char *text, size_t length);
char *mtp_arena_printf(mtp_arena *arena, const char *format, ...) MTP_PRINTF(2, 3);
char *mtp_arena_vprintf(mtp_arena *arena, const char *format, va_list args)
    MTP_PRINTF(2, 0);

#define MTP_ARENA_NEW(arena, type) ((type *)mtp_arena_zalloc((arena), 1, sizeof(type)))
#define MTP_ARENA_ARRAY(arena, count, type)                                            \
    ((type *)mtp_arena_alloc((arena), (count), sizeof(type)))

/** Scratch memory: what was allocated after a mark is given back by release. */
typedef struct mtp_arena_mark {
    void *block;
    size_t used;
} mtp_arena_mark;
mtp_arena_mark mtp_arena_save(const mtp_arena *arena);
void mtp_arena_release(mtp_arena *arena, mtp_arena_mark mark);

/**
 * realloc for large arrays whose size is not known from the start; they belong to the
 * arena as everything else, but marks do not concern them.
 * @param old  of this function and this arena, or NULL
 * @return NULL when memory is exhausted; `old` is then as it was
 */
void *mtp_arena_resize(mtp_arena *arena, void *old, size_t count, size_t size);
/** Give back, before the arena goes, what mtp_arena_resize gave; NULL does nothing. */
void mtp_arena_drop(mtp_arena *arena, void *memory);

/** realloc for what grows outside an arena and is freed with free: text buffers. */
void *mtp_heap_resize(void *old, size_t size);

/**
 * Testing: the n-th allocation from now on by this thread's arenas or mtp_heap_resize
 * fails, and all after it (n = 1, 2, ...); 0 switches this off. Counts arena_new too.
 */
void mtp_arena_fail_after(size_t n);

#endif

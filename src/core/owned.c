/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/owned.h"

#include "core/error.h"

#include <stdint.h>
#include <string.h>

/* Stands before the result. */
typedef union header {
    mtp_arena *arena;
    max_align_t align;
} header;

void *mtp_owned_new(size_t size)
{
    mtp_arena *arena = mtp_arena_new();
    header *h = NULL;

    if (arena && size <= SIZE_MAX - sizeof *h) {
        h = mtp_arena_zalloc(arena, 1, sizeof *h + size);
    }
    if (!h) {
        mtp_arena_free(arena);
        return NULL;
    }
    h->arena = arena;
    return h + 1;
}

mtp_arena *mtp_owned_arena(const void *result)
{
    return ((const header *)result - 1)->arena;
}

void mtp_owned_free(void *result)
{
    if (result) {
        mtp_arena_free(mtp_owned_arena(result));
    }
}

static void copy_shorter(void *to, size_t size_of_to, const void *from, size_t size)
{
    memcpy(to, from, size < size_of_to ? size : size_of_to);
}

void mtp_options_give(void *options, size_t size, const void *defaults,
                      size_t size_of_defaults)
{
    copy_shorter(options, size, defaults, size_of_defaults);
}

void mtp_options_take(void *used, size_t size_of_used, const void *options)
{
    size_t size;

    if (options) {
        memcpy(&size, options, sizeof size);
        copy_shorter(used, size_of_used, options, size);
    }
}

mtp_status mtp_options_complete(void *used, size_t size_of_used, const void *options,
                                size_t least, const char *init, mtp_error *err)
{
    size_t size;

    if (!options) {
        return MTP_OK;
    }
    memcpy(&size, options, sizeof size);
    if (size < least) {
        return mtp_fail(err, MTP_E_ARG, "the options have no size; %s sets it", init);
    }
    copy_shorter(used, size_of_used, options, size);
    memcpy(used, &size_of_used, sizeof size_of_used);
    return MTP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_TEXT_POOL_H
#define MTP_TABLE_TEXT_POOL_H

#include "core/arena.h"

/**
 * Many short texts, packed without padding into chunks of an arena: an arena aligns
 * every allocation, which would cost a cell of three letters 32 bytes.
 */
typedef struct mtp_text_pool {
    mtp_arena *arena;
    char *at;
    size_t left;
} mtp_text_pool;

/** A NUL-terminated copy, or NULL when memory is exhausted. */
char *mtp_text_pool_add(mtp_text_pool *pool, const char *text, size_t length);

#endif

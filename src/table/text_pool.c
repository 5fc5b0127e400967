/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text_pool.h"

#include <string.h>

enum { FIRST_CHUNK = 1024, CHUNK = 64 * 1024 };

char *mtp_text_pool_add(mtp_text_pool *pool, const char *text, size_t length)
{
    char *copy;

    if (length >= CHUNK / 4) { /* long texts do not waste the rest of a chunk */
        return mtp_arena_strndup(pool->arena, text, length);
    }
    if (pool->left < length + 1) {
        size_t chunk = pool->at || length >= FIRST_CHUNK ? CHUNK : FIRST_CHUNK;

        pool->at = mtp_arena_alloc(pool->arena, chunk, 1);
        pool->left = pool->at ? chunk : 0;
        if (!pool->at) {
            return NULL;
        }
    }
    copy = pool->at;
    memcpy(copy, text, length);
    copy[length] = '\0';
    pool->at += length + 1;
    pool->left -= length + 1;
    return copy;
}

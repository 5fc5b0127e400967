/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_BLOCKS_H
#define MTP_TABLE_BLOCKS_H

#include "metapool/status.h"

#include "table/digest.h"
#include "table/gunzip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { MTP_BLOCK = 64 * 1024 };

/**
 * The bytes of a file, of standard input or of memory, read block by block, with the
 * SHA-256 of all of them. What begins as a gzip file is unpacked.
 */
typedef struct mtp_blocks {
    const char *source; /* the name for messages */
    FILE *file;         /* NULL: memory */
    const char *bytes;  /* memory that is left */
    size_t left;
    size_t size; /* of the input as it stands, 0: unknown */
    mtp_digest digest;
    bool begun, packed;
    mtp_gunzip gunzip; /* where packed */
    char *raw;         /* [MTP_BLOCK], where packed */
} mtp_blocks;

/** Open a file by name; "-" is standard input. @return MTP_OK, MTP_E_DATA, MTP_E_IO */
mtp_status mtp_blocks_open(mtp_blocks *blocks, const char *path, mtp_error *err);
void mtp_blocks_from_memory(mtp_blocks *blocks, const char *source, const char *bytes,
                            size_t length);

/**
 * Fill a buffer with what comes next.
 * @param size    at least 2
 * @param length  out: less than `size` only where the input ends
 */
mtp_status mtp_blocks_read(mtp_blocks *blocks, char *buffer, size_t size,
                           size_t *length, mtp_error *err);

void mtp_blocks_close(mtp_blocks *blocks);

#endif

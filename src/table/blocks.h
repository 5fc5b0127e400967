/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_BLOCKS_H
#define MTP_TABLE_BLOCKS_H

#include "metapool/status.h"

#include "table/gunzip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <sha2.h>

enum { MTP_BLOCK = 64 * 1024 };

/**
 * Input as a row of full blocks (only the last is shorter), from a file, standard input
 * or memory, with the SHA-256 of all bytes read. What begins as a gzip file is
 * unpacked.
 */
typedef struct mtp_blocks {
    const char *source; /* the name for messages */
    FILE *file;         /* NULL: memory */
    const char *bytes;  /* memory that is left */
    size_t left;
    SHA2_CTX hash;
    bool begun, packed;
    mtp_gunzip gunzip; /* where packed */
    char raw[MTP_BLOCK];
    char unpacked[MTP_BLOCK];
} mtp_blocks;

/** Open a file by name; "-" is standard input. @return MTP_OK, MTP_E_DATA, MTP_E_IO */
mtp_status mtp_blocks_open(mtp_blocks *blocks, const char *path, mtp_error *err);
void mtp_blocks_from_memory(mtp_blocks *blocks, const char *source, const char *bytes,
                            size_t length);
/** The next block, valid until the next call; length 0 at the end. */
mtp_status mtp_blocks_next(mtp_blocks *blocks, const char **block, size_t *length,
                           mtp_error *err);
void mtp_blocks_sha256(mtp_blocks *blocks, char text[SHA256_DIGEST_STRING_LENGTH]);
void mtp_blocks_close(mtp_blocks *blocks);

#endif

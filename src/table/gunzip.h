/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_GUNZIP_H
#define MTP_TABLE_GUNZIP_H

#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

/**
 * Unpacking of a gzip file (RFC 1952), which may have several members in a row. Bytes
 * are fed in blocks and come out in blocks; the caller reads the file.
 */
typedef struct mtp_gunzip {
    z_stream stream;
    bool between;     /* at the begin of a member, or at the end of the file */
    bool pending;     /* the last buffer was too small for what had been fed */
    size_t in, out;   /* bytes fed and unpacked so far */
    const char *name; /* of the source, for messages */
} mtp_gunzip;

/** True for the first bytes of a gzip file. */
bool mtp_is_gzip(const char *bytes, size_t length);

/** mtp_gunzip_close is due after success. */
mtp_status mtp_gunzip_open(mtp_gunzip *gunzip, const char *name, mtp_error *err);
void mtp_gunzip_close(mtp_gunzip *gunzip);

/** True when all that was fed is used up and handed out. */
bool mtp_gunzip_is_hungry(const mtp_gunzip *gunzip);
/** Feed a block, which must stay until it is used up. */
void mtp_gunzip_feed(mtp_gunzip *gunzip, const char *bytes, size_t length);
/** The file ends here: MTP_E_SYNTAX within a member. */
mtp_status mtp_gunzip_end(const mtp_gunzip *gunzip, mtp_error *err);

/**
 * Unpack into a buffer as much as there is room, or what was fed.
 * @param length  in: bytes in the buffer; out: with those that were added
 * @return MTP_OK; MTP_E_SYNTAX for corrupt data; MTP_E_DATA for what unpacks to
 *         suspiciously much; MTP_E_NOMEM
 */
mtp_status mtp_gunzip_run(mtp_gunzip *gunzip, char *buffer, size_t size, size_t *length,
                          mtp_error *err);

#endif

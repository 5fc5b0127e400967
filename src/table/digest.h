/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_DIGEST_H
#define MTP_TABLE_DIGEST_H

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

/** SHA-256 of bytes that come in pieces, in hexadecimal. */
typedef struct mtp_digest {
    struct sha256_ctx context;
} mtp_digest;

enum {
    MTP_DIGEST_TEXT = 2 * SHA256_DIGEST_SIZE + 1,
    MTP_DIGEST_BASE64 = BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1
};

void mtp_digest_init(mtp_digest *digest);
void mtp_digest_add(mtp_digest *digest, const char *bytes, size_t length);
void mtp_digest_end(mtp_digest *digest, char text[MTP_DIGEST_TEXT]);
/** The same in base64, as browsers compare it. */
void mtp_digest_end_base64(mtp_digest *digest, char text[MTP_DIGEST_BASE64]);

/** Of a whole file; false when it cannot be read (errno says why). */
bool mtp_digest_file(const char *path, char text[MTP_DIGEST_TEXT]);

#endif

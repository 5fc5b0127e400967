/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/digest.h"

#include <nettle/version.h>
#include <stdio.h>

void mtp_digest_init(mtp_digest *digest)
{
    sha256_init(&digest->context);
}

void mtp_digest_add(mtp_digest *digest, const char *bytes, size_t length)
{
    sha256_update(&digest->context, length, (const uint8_t *)bytes);
}

static void end(mtp_digest *digest, uint8_t bytes[SHA256_DIGEST_SIZE])
{
#if NETTLE_VERSION_MAJOR >= 4 /* which dropped the length */
    sha256_digest(&digest->context, bytes);
#else
    sha256_digest(&digest->context, SHA256_DIGEST_SIZE, bytes);
#endif
}

void mtp_digest_end(mtp_digest *digest, char text[MTP_DIGEST_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];

    end(digest, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 0xF];
    }
    text[2 * sizeof bytes] = '\0';
}

void mtp_digest_end_base64(mtp_digest *digest, char text[MTP_DIGEST_BASE64])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];

    end(digest, bytes);
    base64_encode_raw(text, sizeof bytes, bytes);
    text[MTP_DIGEST_BASE64 - 1] = '\0';
}

bool mtp_digest_file(const char *path, char text[MTP_DIGEST_TEXT])
{
    char bytes[16 * 1024];
    FILE *file = fopen(path, "rb");
    mtp_digest digest;
    size_t n;
    bool read;

    if (!file) {
        return false;
    }
    (void)setvbuf(file, NULL, _IONBF, 0); /* a buffer would need memory */
    mtp_digest_init(&digest);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
        mtp_digest_add(&digest, bytes, n);
    }
    mtp_digest_end(&digest, text);
    read = !ferror(file);
    (void)fclose(file);
    return read;
}

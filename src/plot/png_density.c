/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/png_density.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INCH 0.0254 /* metres */

enum {
    HEAD = 8 + 12 + 13, /* the signature and the chunk IHDR, which is the first */
    DATA = 9,           /* pixels a metre in x and y, the unit */
    CHUNK = 12 + DATA,  /* length, type, data, checksum */
};

/* CRC-32 as PNG has it (ISO/IEC 15948:2004, annex D), bit by bit. */
static uint32_t checksum(const unsigned char *bytes, size_t length)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? (crc >> 1) ^ UINT32_C(0xEDB88320) : crc >> 1;
        }
    }
    return ~crc;
}

static unsigned char *put(unsigned char *to, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        *to++ = (unsigned char)(value >> shift & 0xFF);
    }
    return to;
}

void mtp_png_set_density(mtp_strbuf *png, double dpi)
{
    uint32_t per_metre = (uint32_t)lround(dpi / INCH);
    unsigned char chunk[CHUNK], *at = put(chunk, DATA);

    memcpy(at, "pHYs", 4);
    at = put(at + 4, per_metre);
    at = put(at, per_metre);
    *at++ = 1; /* the metre */
    (void)put(at, checksum(chunk + 4, 4 + DATA));
    mtp_strbuf_add_bytes(png, (const char *)chunk, sizeof chunk); /* room for it */
    if (!png->failed) {
        memmove(png->text + HEAD + CHUNK, png->text + HEAD, png->length - CHUNK - HEAD);
        memcpy(png->text + HEAD, chunk, sizeof chunk);
    }
}

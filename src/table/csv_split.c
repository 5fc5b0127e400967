/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv_split.h"

#include "table/segments.h"

#include <stdint.h>

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)

/* Eight bytes, the first one lowest: one load where the machine's order is that. */
static uint64_t load(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
           (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 |
           (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The top bit of each byte of x that is not c (Warren, Hacker's Delight, 2nd ed.,
 * section 6-1, in the form without borrows). */
static uint64_t unlike(uint64_t x, unsigned char c)
{
    x ^= ONES * c;
    return ((x & ~TOPS) + ~TOPS) | x;
}

/* The index of the lowest of eight bytes whose top bit is set; there is one. */
static unsigned first_byte(uint64_t tops)
{
#if defined __GNUC__
    return (unsigned)__builtin_ctzll(tops) / 8;
#else
    unsigned n = 0;

    for (; !(tops & 0x80); tops >>= 8) {
        n++;
    }
    return n;
#endif
}

/* Give a record begun its delimiters back: no other byte of it is NUL. */
static void restore(char *record, const char *end, char delimiter)
{
    for (; record < end; record++) {
        if (*record == '\0') {
            *record = delimiter;
        }
    }
}

bool mtp_split_record(char *record, char delimiter, mtp_chunk *chunk, mtp_split *split)
{
    const char **cell = chunk->text + chunk->rows, *field = record;
    size_t fields = 0;

    for (char *word = record;; word += 8) {
        uint64_t x = load(word);
        uint64_t found = ~(unlike(x, (unsigned char)delimiter) & unlike(x, '\n') &
                           unlike(x, '\r') & unlike(x, '"')) &
                         TOPS;

        for (; found; found &= found - 1) {
            char *at = word + first_byte(found), mark = *at;

            if (mark == '"' || (mark != delimiter && at - record > MTP_FIELD_LIMIT)) {
                restore(record, at, delimiter);
                return false;
            }
            *at = '\0';
            if (fields++ < chunk->columns) {
                *cell = field;
                cell += chunk->capacity;
            }
            field = at + 1;
            if (mark != delimiter) {
                bool pair = mark == '\r' && at[1] == '\n';

                *split = (mtp_split){fields, at, at + 1 + pair};
                return true;
            }
        }
    }
}

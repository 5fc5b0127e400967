/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/scan.h"

#include <stdint.h>
#include <string.h>

void mtp_scanner_init(mtp_scanner *scanner)
{
    *scanner = (mtp_scanner){.line = 1};
}

/* Well-formed UTF-8 by the table of the Unicode Standard, section 3.9 (table 3-7). */
static bool first_byte(mtp_scanner *s, unsigned char c)
{
    s->lead = c;
    s->low = 0x80;
    s->high = 0xBF;
    if (c >= 0xC2 && c <= 0xDF) {
        s->pending = 1;
    } else if (c >= 0xE0 && c <= 0xEF) {
        s->pending = 2;
        s->low = c == 0xE0 ? 0xA0 : 0x80;  /* no overlong form */
        s->high = c == 0xED ? 0x9F : 0xBF; /* no surrogate */
    } else if (c >= 0xF0 && c <= 0xF4) {
        s->pending = 3;
        s->low = c == 0xF0 ? 0x90 : 0x80;
        s->high = c == 0xF4 ? 0x8F : 0xBF; /* not beyond U+10FFFF */
    } else {
        return false;
    }
    return true;
}

static bool next_byte(mtp_scanner *s, unsigned char c)
{
    if (s->pending == 0) {
        return c < 0x80 || first_byte(s, c);
    }
    if (c < s->low || c > s->high) {
        return false;
    }
    s->pending--;
    s->low = 0x80;
    s->high = 0xBF;
    return true;
}

/* True when none of eight bytes is NUL, LF, CR or above 0x7F (Warren, Hacker's Delight,
 * 2nd ed., section 6-1: a byte of x - 0x01.. borrows into its top bit only below 1). */
static bool eight_plain(const char *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    uint64_t x, lf, cr;

    memcpy(&x, bytes, sizeof x);
    lf = x ^ (ones * '\n');
    cr = x ^ (ones * '\r');
    return ((x | (x - ones) | (lf - ones) | (cr - ones)) & tops) == 0;
}

static size_t skip_plain(const char *bytes, size_t at, size_t length)
{
    while (at + 8 <= length && eight_plain(bytes + at)) {
        at += 8;
    }
    return at;
}

mtp_scan_status mtp_scan_piece(mtp_scanner *scanner, const char *bytes, size_t length,
                               mtp_piece *piece)
{
    size_t at = 0;
    bool after_cr = scanner->after_cr;

    scanner->after_cr = false;
    *piece = (mtp_piece){0};
    if (after_cr && bytes[0] == '\n') { /* the line was counted with its CR */
        *piece = (mtp_piece){.length = 1, .blank = true};
        return MTP_SCAN_OK;
    }
    for (; at < length; at++) {
        unsigned char c;

        at = scanner->pending ? at : skip_plain(bytes, at, length);
        if (at == length) {
            break;
        }
        c = (unsigned char)bytes[at];
        if (c == '\0' || !next_byte(scanner, c)) {
            piece->length = at;
            return c == '\0' ? MTP_SCAN_NUL : MTP_SCAN_NOT_UTF8;
        }
        if (c == '\n' || c == '\r') {
            piece->ends_line = true;
            piece->blank = at == 0;
            at++;
            scanner->after_cr = c == '\r' && at == length;
            at += c == '\r' && at < length && bytes[at] == '\n';
            break;
        }
    }
    piece->length = at;
    return MTP_SCAN_OK;
}

bool mtp_scan_is_cut(const mtp_scanner *scanner)
{
    return scanner->pending > 0;
}

/* True when none of eight bytes is NUL or above 0x7F. */
static bool eight_ascii(const char *bytes)
{
    uint64_t x;

    memcpy(&x, bytes, sizeof x);
    return ((x | (x - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) ==
           0;
}

bool mtp_is_utf8(const char *text, size_t length)
{
    mtp_scanner s;

    mtp_scanner_init(&s);
    for (size_t i = 0; i < length; i++) {
        while (s.pending == 0 && i + 8 < length && eight_ascii(text + i)) {
            i += 8;
        }
        if (text[i] == '\0' || !next_byte(&s, (unsigned char)text[i])) {
            return false;
        }
    }
    return !mtp_scan_is_cut(&s);
}

/* Bytes are counted in bytes, which a compiler can do for many at once: at most 255 a
 * round, and a number that it knows. */
enum { ROUND = 128 };

static void survey_round(const char *bytes, mtp_survey *survey)
{
    unsigned char quotes = 0, line_ends = 0, tops = 0, nuls = 0;

    for (size_t i = 0; i < ROUND; i++) {
        unsigned char c = (unsigned char)bytes[i];
        unsigned char lf_follows = bytes[i + 1] == '\n';

        quotes = (unsigned char)(quotes + (c == '"'));
        line_ends =
            (unsigned char)(line_ends + ((c == '\n') | ((c == '\r') & !lf_follows)));
        tops |= c;
        nuls |= c == 0;
    }
    survey->quotes += quotes;
    survey->line_ends += line_ends;
    survey->ascii = survey->ascii && tops < 0x80;
    survey->has_nul = survey->has_nul || nuls;
}

mtp_survey mtp_scan_survey(const char *bytes, size_t length)
{
    mtp_survey survey = {.ascii = true};
    char rest[ROUND + 1];

    for (; length > ROUND; length -= ROUND, bytes += ROUND) {
        survey_round(bytes, &survey);
    }
    memset(rest, ' ', sizeof rest);
    memcpy(rest, bytes, length);
    survey_round(rest, &survey);
    return survey;
}

char mtp_scan_delimiter(const char *bytes, size_t length, char decimal)
{
    const char *candidates = decimal == ',' ? ";\t," : ",;\t";
    size_t count[3] = {0}, best = 0, at = 0;
    bool quoted = false;

    while (at < length && strchr("\r\n ", bytes[at]) && bytes[at] != '\0') {
        at++; /* blank lines before the header */
    }
    for (; at < length && (quoted || (bytes[at] != '\n' && bytes[at] != '\r')); at++) {
        quoted = quoted != (bytes[at] == '"');
        for (size_t i = 0; !quoted && i < 3; i++) {
            count[i] += bytes[at] == candidates[i];
        }
    }
    for (size_t i = 1; i < 3; i++) {
        best = count[i] > count[best] ? i : best;
    }
    return candidates[best];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eisel_lemire.h"
#include "core/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS = 19,           /* a uint64_t holds any number with as many */
    DECISIVE_DIGITS = 768, /* no point halfway between two doubles has more than 767 */
};

/* A number as read: digits * 10^exponent, and if `cut`, up to one digit more. */
typedef struct decimal {
    uint64_t digits;
    int significant; /* how many digits there are in `digits` */
    long long exponent;
    bool cut; /* a digit other than 0 was left out */
    bool negative;
} decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *mtp_number_blank(const char *text, size_t length, size_t *bytes)
{
    static const struct {
        const char *bytes, *name;
    } wide[] = {
        {"\xC2\xA0", "no-break space (U+00A0)"},
        {"\xE2\x80\x89", "thin space (U+2009)"},
        {"\xE2\x80\xAF", "narrow no-break space (U+202F)"},
    };

    *bytes = 1;
    if (length > 0 && (*text == ' ' || *text == '\t')) {
        return *text == ' ' ? "space" : "tab";
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        *bytes = strlen(wide[i].bytes);
        if (length >= *bytes && memcmp(text, wide[i].bytes, *bytes) == 0) {
            return wide[i].name;
        }
    }
    return NULL;
}

/* The byte may begin, or end, a blank: most cells need no closer look. */
static bool may_be_blank(char c)
{
    return c == ' ' || c == '\t' || (unsigned char)c >= 0x80;
}

const char *mtp_number_trim(const char *text, size_t *length)
{
    const char *end = text + *length;
    size_t bytes;

    while (text < end && may_be_blank(*text) &&
           mtp_number_blank(text, (size_t)(end - text), &bytes)) {
        text += bytes;
    }
    while (text < end && may_be_blank(end[-1])) {
        /* The blanks have one, two or three bytes, and none of them ends another. */
        size_t n = 1, room = (size_t)(end - text);

        while (n <= 3 && n <= room &&
               !(mtp_number_blank(end - n, n, &bytes) && bytes == n)) {
            n++;
        }
        if (n > 3 || n > room) {
            break;
        }
        end -= n;
    }
    *length = (size_t)(end - text);
    return text;
}

/* A sign, if there is one: '-', '+' or U+2212, the minus sign of typeset tables. */
static const char *scan_sign(const char *at, const char *end, bool *negative)
{
    if (at < end && (*at == '-' || *at == '+')) {
        *negative = *at == '-';
        return at + 1;
    }
    if (end - at >= 3 && memcmp(at, "\xE2\x88\x92", 3) == 0) {
        *negative = true;
        return at + 3;
    }
    return at;
}

/* Digits from `at` on, to the number's nineteen significant ones; returns their end. */
static const char *scan_digits(const char *at, const char *end, decimal *d)
{
    uint64_t digits = d->digits;
    const char *first, *full;

    while (digits == 0 && at < end && *at == '0') {
        at++;
    }
    first = at;
    full = end - at > DIGITS - d->significant ? at + (DIGITS - d->significant) : end;
    for (; at < full && is_digit(*at); at++) {
        digits = 10 * digits + (uint64_t)(*at - '0');
    }
    d->digits = digits;
    d->significant += (int)(at - first);
    for (; at < end && is_digit(*at); at++) {
        d->cut = d->cut || *at != '0';
        d->exponent++;
    }
    return at;
}

/* An exponent part, at its 'e'; NULL if there are no digits. */
static const char *scan_exponent(const char *at, const char *end, decimal *d)
{
    const long long enough = 100000000000000000; /* more than a text has digits */
    long long value = 0;
    bool negative = false;

    at = scan_sign(at + 1, end, &negative);
    if (at == end || !is_digit(*at)) {
        return NULL;
    }
    for (; at < end && is_digit(*at); at++) {
        value = value < enough ? 10 * value + (*at - '0') : value;
    }
    d->exponent += negative ? -value : value;
    return at;
}

/* The whole text, without blanks around it. */
static bool scan(const char *at, const char *end, decimal *d)
{
    const char *whole = scan_sign(at, end, &d->negative);
    const char *fraction;
    bool has_digits;

    at = scan_digits(whole, end, d);
    has_digits = at > whole;
    if (at < end && *at == '.') {
        fraction = at + 1;
        at = scan_digits(fraction, end, d);
        d->exponent -= at - fraction;
        has_digits = has_digits || at > fraction;
    }
    if (has_digits && at < end && (*at == 'e' || *at == 'E')) {
        at = scan_exponent(at, end, d);
    }
    return has_digits && at == end;
}

/* Powers of ten that a double holds exactly. */
static const double exact_power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Clinger (1990), doi:10.1145/93542.93557: two exact doubles, rounded once. */
static bool exact_value(const decimal *d, double *value)
{
    if (FLT_EVAL_METHOD != 0 || d->cut || d->digits > (uint64_t)1 << 53 ||
        d->exponent < -22 || d->exponent > 22) {
        return false;
    }
    *value = d->exponent < 0 ? (double)d->digits / exact_power[-d->exponent]
                             : (double)d->digits * exact_power[d->exponent];
    return true;
}

/* Eisel & Lemire's way; the true number lies between `digits` and one more. */
static bool nearest_value(const decimal *d, double *value)
{
    double next;

    return mtp_eisel_lemire(d->digits, d->exponent, value) &&
           (!d->cut ||
            (mtp_eisel_lemire(d->digits + 1, d->exponent, &next) && next == *value));
}

/*
 * What decides a hard case, left to strtod: all digits up to a number that is enough, a
 * 1 for what follows, and an exponent. No point is in this, so no locale matters.
 */
static double decided_value(const char *at, const char *end, const decimal *d)
{
    char text[DECISIVE_DIGITS + 32];
    long long leading = d->exponent + d->significant - 1;
    size_t n = 0;
    bool more = false;

    if (leading < -400 || leading > 400) {
        return leading < 0 ? 0.0 : HUGE_VAL;
    }
    for (; at < end && *at != 'e' && *at != 'E'; at++) {
        if (!is_digit(*at) || (n == 0 && *at == '0')) {
            continue;
        }
        if (n < DECISIVE_DIGITS) {
            text[n++] = *at;
        } else {
            more = more || *at != '0';
        }
    }
    if (more) {
        text[n++] = '1';
    }
    (void)snprintf(text + n, sizeof text - n, "e%d", (int)leading + 1 - (int)n);
    return strtod(text, NULL);
}

mtp_number_status mtp_number_parse(const char *text, size_t length, double *value)
{
    const char *start = mtp_number_trim(text, &length), *end = start + length;
    decimal d = {0};
    double magnitude = 0.0;

    if (length == 0) {
        return MTP_NUMBER_EMPTY;
    }
    if (!scan(start, end, &d)) {
        return MTP_NUMBER_MALFORMED;
    }
    if (d.digits != 0 && !exact_value(&d, &magnitude) &&
        !nearest_value(&d, &magnitude)) {
        magnitude = decided_value(start, end, &d);
    }
    *value = d.negative ? -magnitude : magnitude;
    return isinf(magnitude) ? MTP_NUMBER_OVERFLOW : MTP_NUMBER_OK;
}

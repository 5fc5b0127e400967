/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* strtod_l, newlocale */
#include "core/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Powers of ten that a double holds exactly. */
static const double exact_power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Clinger (1990), doi:10.1145/93542.93557: digits < 2^53 and |e| <= 22 round once. */
static bool fast_value(uint64_t digits, int n_digits, int exponent, double *value)
{
    if (n_digits > 15 || exponent < -22 || exponent > 22) {
        return false;
    }
    *value = exponent < 0 ? (double)digits / exact_power[-exponent]
                          : (double)digits * exact_power[exponent];
    return true;
}

/* The C locale's strtod; glibc's newlocale(..., "C", ...) allocates nothing. */
static double c_strtod(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = c ? strtod_l(text, NULL, c) : strtod(text, NULL);

    if (c) {
        freelocale(c);
    }
    return value;
}

static mtp_number_status slow_value(const char *text, size_t length, double *value)
{
    char small[128];
    char *copy = length < sizeof small ? small : malloc(length + 1);

    if (!copy) {
        return MTP_NUMBER_MALFORMED;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    *value = c_strtod(copy);
    if (copy != small) {
        free(copy);
    }
    return isfinite(*value) ? MTP_NUMBER_OK : MTP_NUMBER_OVERFLOW;
}

/* Digits from *at on; counts the significant ones and collects the first nineteen. */
static size_t scan_digits(const char *text, size_t at, size_t end, uint64_t *digits,
                          int *significant)
{
    for (; at < end && is_digit(text[at]); at++) {
        if (*significant > 0 || text[at] != '0') {
            (*significant)++;
        }
        if (*significant <= 18) {
            *digits = 10 * *digits + (uint64_t)(text[at] - '0');
        }
    }
    return at;
}

/* An exponent part at `at`; returns its end, or 0 if it is malformed. */
static size_t scan_exponent(const char *text, size_t at, size_t end, int *exponent)
{
    bool negative = false;
    int value = 0;

    if (at < end && (text[at] == '+' || text[at] == '-')) {
        negative = text[at] == '-';
        at++;
    }
    if (at == end || !is_digit(text[at])) {
        return 0;
    }
    for (; at < end && is_digit(text[at]); at++) {
        value = value < 100000 ? 10 * value + (text[at] - '0') : value;
    }
    *exponent = negative ? -value : value;
    return at;
}

mtp_number_status mtp_number_parse(const char *text, size_t length, double *value)
{
    size_t start = 0, end = length, at, whole_end, fraction_start;
    uint64_t digits = 0;
    int significant = 0, exponent = 0;
    double magnitude;

    while (start < end && is_blank(text[start])) {
        start++;
    }
    while (end > start && is_blank(text[end - 1])) {
        end--;
    }
    if (start == end) {
        return MTP_NUMBER_EMPTY;
    }
    at = start + (text[start] == '-' || text[start] == '+');
    fraction_start = at;
    whole_end = scan_digits(text, at, end, &digits, &significant);
    at = whole_end;
    if (at < end && text[at] == '.') {
        fraction_start = at + 1;
        at = scan_digits(text, fraction_start, end, &digits, &significant);
        if (whole_end + 1 == at &&
            (whole_end == start || !is_digit(text[whole_end - 1]))) {
            return MTP_NUMBER_MALFORMED; /* a point alone */
        }
    } else if (at == fraction_start) {
        return MTP_NUMBER_MALFORMED; /* no digits */
    } else {
        fraction_start = at;
    }
    exponent = 0;
    {
        size_t mantissa_end = at;

        if (at < end && (text[at] == 'e' || text[at] == 'E')) {
            at = scan_exponent(text, at + 1, end, &exponent);
        }
        if (at != end) {
            return MTP_NUMBER_MALFORMED;
        }
        exponent -=
            (int)(mantissa_end - fraction_start < 100000 ? mantissa_end - fraction_start
                                                         : 100000);
    }
    if (!fast_value(digits, significant, exponent, &magnitude)) {
        return slow_value(text + start, end - start, value);
    }
    *value = text[start] == '-' ? -magnitude : magnitude;
    return MTP_NUMBER_OK;
}

/* printf writes the locale's decimal mark; ours is always a point. */
static void force_point(char *text)
{
    char *from = text;

    while (*from && (is_digit(*from) || *from == '-' || *from == '+')) {
        from++;
    }
    if (*from && *from != 'e' && *from != '.' && *from != 'i' && *from != 'n') {
        char *rest = from;

        while (*rest && !is_digit(*rest)) {
            rest++;
        }
        *from = '.';
        memmove(from + 1, rest, strlen(rest) + 1);
    }
}

void mtp_number_significant(double value, int digits, char *text, size_t size)
{
    (void)snprintf(text, size, "%.*g", digits, value);
    force_point(text);
}

void mtp_number_fixed(double value, int decimals, char *text, size_t size)
{
    (void)snprintf(text, size, "%.*f", decimals, value);
    force_point(text);
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1)) {
        memmove(text, text + 1, strlen(text)); /* -0.00 */
    }
}

void mtp_number_format(double value, char text[MTP_NUMBER_TEXT])
{
    /* Fifteen digits always read back when so few exist; subnormals need fewer. */
    int digits = fabs(value) < DBL_MIN ? 1 : 15;

    if (isnan(value)) {
        (void)snprintf(text, MTP_NUMBER_TEXT, "nan");
        return;
    }
    for (; digits <= 17; digits++) {
        double back;

        mtp_number_significant(value, digits, text, MTP_NUMBER_TEXT);
        if (isinf(value) ||
            (mtp_number_parse(text, strlen(text), &back) == MTP_NUMBER_OK &&
             back == value)) {
            return;
        }
    }
}

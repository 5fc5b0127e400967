/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/judge.h"

#include "core/number.h"

#include <math.h>
#include <string.h>

enum { PRINTED_MAX = 64 }; /* bytes of a printed number */

/* 10^power from its text, which is the double nearest to it. */
static double power_of_ten(int power)
{
    char text[MTP_NUMBER_TEXT] = "1e";
    double value = 0.0;

    mtp_number_fixed(power, 0, text + 2, sizeof text - 2);
    (void)mtp_number_parse(text, strlen(text), &value);
    return value;
}

/* The power of ten that the last digit of a number counts. */
static int last_place(const char *text, size_t length)
{
    const char *end = text + length, *point = memchr(text, '.', length);
    const char *mark = text;
    double exponent = 0.0;
    int decimals = 0;

    while (mark < end && *mark != 'e' && *mark != 'E') {
        decimals += point && mark > point && *mark >= '0' && *mark <= '9';
        mark++;
    }
    if (mark < end) {
        (void)mtp_number_parse(mark + 1, (size_t)(end - mark - 1), &exponent);
    }
    return (int)exponent - decimals;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a comma parts thousands: after one to three digits that do not begin with a
 * zero, or three after another comma, and before three. */
static bool parts_thousands(const char *text, size_t length, size_t comma)
{
    size_t before = 0, after = 0;

    while (before < comma && is_digit(text[comma - 1 - before])) {
        before++;
    }
    while (comma + 1 + after < length && is_digit(text[comma + 1 + after])) {
        after++;
    }
    if (comma > before && text[comma - 1 - before] == ',') {
        return before == 3 && after == 3 &&
               parts_thousands(text, length, comma - 1 - before);
    }
    return after == 3 && before >= 1 && before <= 3 && text[comma - before] != '0' &&
           !memchr(text, '.', comma);
}

/* Copies a number without the commas that part thousands; a comma that parts nothing
 * stays, and is no number. */
static size_t without_commas(const char *text, size_t length, char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] != ',' || !parts_thousands(text, length, i)) {
            to[n++] = text[i];
        }
    }
    return n;
}

bool mtp_printed_read(const char *text, mtp_printed *printed)
{
    size_t length = strlen(text);
    char plain[PRINTED_MAX];

    *printed = (mtp_printed){0};
    text = mtp_number_trim(text, &length);
    if (length > 0 && (*text == '<' || *text == '>')) {
        printed->bound = *text++;
        length--;
    }
    if (length > 0 && text[length - 1] == '%') {
        length--;
    }
    text = mtp_number_trim(text, &length);
    if (length > sizeof plain) {
        return false;
    }
    length = without_commas(text, length, plain);
    if (mtp_number_parse(plain, length, &printed->value) != MTP_NUMBER_OK) {
        return false;
    }
    printed->unit = power_of_ten(last_place(plain, length));
    return true;
}

/* The unit of the last of so many significant digits of x. */
static double unit_of_digits(double x, int digits)
{
    int first = x == 0.0 ? 0 : (int)floor(log10(fabs(x)));

    return power_of_ten(first + 1 - digits);
}

/* Halves of units whose bits fall short of the decimal figures count as halves. */
static bool is_within(double difference, double limit, double size)
{
    return fabs(difference) <= limit + 4.0 * 2.22e-16 * size;
}

mtp_verdict mtp_judge(const mtp_printed *printed, double computed, int digits,
                      double tolerance)
{
    double difference = computed - printed->value, size = fabs(printed->value);
    double unit = digits > 0 ? unit_of_digits(printed->value, digits) : printed->unit;

    if (printed->bound) {
        bool holds = printed->bound == '<' ? computed < printed->value
                                           : computed > printed->value;

        return holds ? MTP_VERDICT_PASS : MTP_VERDICT_MISMATCH;
    }
    if (!isnan(tolerance)) {
        return is_within(difference, tolerance, size) ? MTP_VERDICT_PASS
                                                      : MTP_VERDICT_MISMATCH;
    }
    return is_within(difference, 0.5 * unit, size)   ? MTP_VERDICT_PASS
           : is_within(difference, 1.5 * unit, size) ? MTP_VERDICT_ROUNDING
                                                     : MTP_VERDICT_MISMATCH;
}

double mtp_transformed(mtp_transform transform, double x)
{
    switch (transform) {
    case MTP_TRANSFORM_PERCENT:
        return 100.0 * x;
    case MTP_TRANSFORM_EXP:
        return exp(x);
    case MTP_TRANSFORM_NEGATE:
        return -x;
    case MTP_TRANSFORM_ONE_MINUS:
        return 1.0 - x;
    case MTP_TRANSFORM_INVERT:
        return 1.0 / x;
    case MTP_TRANSFORM_SQRT:
        return sqrt(x);
    case MTP_TRANSFORM_SQUARE:
        return x * x;
    case MTP_TRANSFORM_SHARE:
        return x / 100.0;
    case MTP_TRANSFORM_LOG:
        return log(x);
    case MTP_TRANSFORM_NONE:
    case MTP_TRANSFORM_COUNT:
        break;
    }
    return x;
}

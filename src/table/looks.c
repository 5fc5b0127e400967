/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/looks.h"

#include "core/number.h"
#include "core/utf8.h"
#include "table/token.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool mtp_look_trim(const char *cell, mtp_look *to)
{
    size_t length = strlen(cell);

    cell = mtp_number_trim(cell, &length);
    if (length >= MTP_LOOK_ROOM) {
        return false;
    }
    memcpy(to->text, cell, length);
    to->text[length] = '\0';
    to->length = length;
    return true;
}

bool mtp_look_is_number(const char *text, size_t length)
{
    double value;

    return mtp_number_parse(text, length, &value) == MTP_NUMBER_OK;
}

size_t mtp_look_number_prefix(const mtp_look *cell)
{
    for (size_t n = cell->length; n > 0; n--) {
        if (cell->text[n - 1] != ' ' && mtp_look_is_number(cell->text, n)) {
            return n;
        }
    }
    return 0;
}

static size_t prefix_in(const char *text, const char *const marks[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0) {
            return strlen(marks[i]);
        }
    }
    return 0;
}

bool mtp_look_is_bound(const mtp_look *cell)
{
    static const char *const marks[] = {"<", ">", "\xE2\x89\xA4", "\xE2\x89\xA5"};

    return prefix_in(cell->text, marks, sizeof marks / sizeof marks[0]) > 0;
}

bool mtp_look_is_grouped(const mtp_look *cell, char plain[MTP_LOOK_ROOM], bool *comma)
{
    static const char *const separators[] = {
        ",",
        " ",
        "'",
        "_",
        "\xE2\x80\x99" /* apostrophe */,
        "\xC2\xA0" /* no-break space */,
        "\xE2\x80\x89" /* thin space */,
        "\xE2\x80\xAF" /* narrow no-break space */};
    size_t at = 0, n = 0, digits = 0, groups = 0;

    if (cell->text[0] == '-' || cell->text[0] == '+') {
        plain[n++] = cell->text[at++];
    }
    *comma = false;
    while (at < cell->length && cell->text[at] != '.') {
        size_t skip = prefix_in(cell->text + at, separators,
                                sizeof separators / sizeof separators[0]);

        if (is_digit(cell->text[at])) {
            plain[n++] = cell->text[at++];
            digits++;
        } else if (skip > 0 &&
                   (groups == 0 ? digits >= 1 && digits <= 3 : digits == 3)) {
            *comma = *comma || cell->text[at] == ',';
            at += skip;
            digits = 0;
            groups++;
        } else {
            return false;
        }
    }
    memcpy(plain + n, cell->text + at, cell->length + 1 - at); /* n <= at */
    return groups > 0 && digits == 3 && mtp_look_is_number(plain, strlen(plain));
}

bool mtp_look_has_decimal_comma(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    char *comma;

    memcpy(plain, cell->text, cell->length + 1);
    comma = strchr(plain, ',');
    if (!comma) {
        return false;
    }
    *comma = '.';
    return mtp_look_is_number(plain, cell->length);
}

bool mtp_look_is_grouped_by_points(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    mtp_look swapped = *cell;
    bool comma;

    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->text[i];

        swapped.text[i] = c == '.' ? ',' : c == ',' ? '.' : c;
    }
    return strchr(cell->text, ',') && mtp_look_is_grouped(&swapped, plain, &comma) &&
           comma;
}

/* The digit that a code point is in the scripts that spreadsheets write; -1 if none. */
static int digit_of(uint32_t code)
{
    static const uint32_t zeros[] = {0x0660 /* Arabic */, 0x06F0 /* Persian */,
                                     0x0966 /* Devanagari */, 0xFF10 /* full width */};

    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        if (code >= zeros[i] && code <= zeros[i] + 9) {
            return (int)(code - zeros[i]);
        }
    }
    return -1;
}

bool mtp_look_has_other_digits(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    size_t n = 0, found = 0, bytes;
    uint32_t code;

    for (const char *at = cell->text; *at; at += bytes) {
        int digit;

        bytes = mtp_utf8_next(at, &code);
        digit = digit_of(code);
        if (digit >= 0) {
            plain[n++] = (char)('0' + digit);
            found++;
        } else {
            memcpy(plain + n, at, bytes);
            n += bytes;
        }
    }
    plain[n] = '\0';
    return found > 0 && mtp_look_is_number(plain, n);
}

/* But for the blanks and line ends among them. */
static bool is_control(char c)
{
    unsigned char u = (unsigned char)c;

    return (u < 0x20 || u == 0x7F) && !strchr("\t\n\r", c);
}

uint32_t mtp_look_invisible(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    static const char *const marks[] = {"\xE2\x80\x8B" /* zero-width space */,
                                        "\xE2\x80\x8E",
                                        "\xE2\x80\x8F",
                                        "\xE2\x81\xA0" /* word joiner */,
                                        "\xEF\xBB\xBF" /* byte order mark */,
                                        "\xC2\xAD" /* soft hyphen */};
    uint32_t found = 0;
    size_t n = 0;

    for (size_t at = 0; at < cell->length;) {
        size_t skip = prefix_in(cell->text + at, marks, sizeof marks / sizeof marks[0]);

        if (is_control(cell->text[at])) {
            found = (unsigned char)cell->text[at++];
        } else if (skip > 0) {
            (void)mtp_utf8_next(cell->text + at, &found);
            at += skip;
        } else {
            plain[n++] = cell->text[at++];
        }
    }
    return mtp_look_is_number(plain, n) ? found : 0;
}

const char *mtp_look_after_dash(const mtp_look *cell)
{
    static const char *const dashes[] = {"\xE2\x80\x93", "\xE2\x80\x94"};
    size_t n = prefix_in(cell->text, dashes, sizeof dashes / sizeof dashes[0]);

    return n > 0 && is_digit(cell->text[n]) &&
                   mtp_look_is_number(cell->text + n, cell->length - n)
               ? cell->text + n
               : NULL;
}

const char *mtp_look_after_mark(const mtp_look *cell)
{
    static const char *const marks[] = {"~",
                                        "*",
                                        "#",
                                        "$",
                                        "=",
                                        "'",
                                        "\"",
                                        "\xC2\xA3" /* pound */,
                                        "\xE2\x82\xAC" /* euro */,
                                        "\xE2\x89\x88" /* almost equal */,
                                        "\xE2\x80\xA0" /* dagger */,
                                        "\xE2\x80\xA1" /* double dagger */};
    const char *at = cell->text;
    size_t n;

    while ((n = prefix_in(at, marks, sizeof marks / sizeof marks[0])) > 0) {
        at += n;
    }
    if (at == cell->text) {
        return NULL;
    }
    at += *at == ' ';
    return mtp_look_is_number(at, strlen(at)) ? at : NULL;
}

bool mtp_look_is_quoted(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    static const char *const marks[] = {"'",
                                        "\"",
                                        "\xE2\x80\x98",
                                        "\xE2\x80\x99",
                                        "\xE2\x80\x9C",
                                        "\xE2\x80\x9D",
                                        "\xE2\x80\x9E"};
    const size_t n = sizeof marks / sizeof marks[0];
    size_t begin = prefix_in(cell->text, marks, n), length;

    for (length = cell->length; length > begin; length--) {
        if (prefix_in(cell->text + length - 1, marks, n) == cell->length + 1 - length) {
            break;
        }
    }
    if (begin == 0 || length <= begin + 1) {
        return false;
    }
    length -= begin + 1;
    memcpy(plain, cell->text + begin, length);
    plain[length] = '\0';
    return mtp_look_is_number(plain, length);
}

static bool is_one_of(const mtp_look *cell, const char *const words[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mtp_same_name(cell->text, words[i])) {
            return true;
        }
    }
    return false;
}

bool mtp_look_is_missing_word(const mtp_look *cell)
{
    static const char *const words[] = {"-",
                                        "--",
                                        "\xE2\x80\x93",
                                        "\xE2\x80\x94",
                                        "?",
                                        "NR",
                                        "N.R.",
                                        "N/R",
                                        "ND",
                                        "N.A.",
                                        "NULL",
                                        "None",
                                        "missing",
                                        "not available",
                                        "not reported",
                                        "#N/A",
                                        "nil",
                                        "unknown"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

bool mtp_look_is_spreadsheet_error(const mtp_look *cell)
{
    static const char *const words[] = {"#DIV/0!", "#VALUE!", "#REF!",
                                        "#NAME?",  "#NUM!",   "#NULL!"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

bool mtp_look_has_letter_digit(const mtp_look *cell, char plain[MTP_LOOK_ROOM])
{
    size_t digits = 0, letters = 0;

    for (size_t i = 0; i <= cell->length; i++) {
        char c = cell->text[i];

        plain[i] = (char)(c == 'O' || c == 'o' ? '0' : c == 'l' || c == 'I' ? '1' : c);
        letters += plain[i] != c;
        digits += is_digit(c);
    }
    return digits > 0 && letters > 0 && mtp_look_is_number(plain, cell->length);
}

bool mtp_look_is_infinite_word(const mtp_look *cell)
{
    static const char *const words[] = {"inf",          "infinity",  "infinite",
                                        "\xE2\x88\x9E", "+inf",      "-inf",
                                        "+infinity",    "-infinity", "-\xE2\x88\x9E"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

const char *mtp_look_blank(const mtp_look *cell)
{
    const char *name = NULL;
    size_t bytes;

    for (size_t i = 0; i < cell->length && !name; i++) {
        name = mtp_number_blank(cell->text + i, cell->length - i, &bytes);
    }
    return name;
}

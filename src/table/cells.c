/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/cells.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

bool mtp_is_blank(const char *text)
{
    size_t length = strlen(text);

    (void)mtp_number_trim(text, &length);
    return length == 0;
}

/* ASCII case only, in every locale. */
static bool same_word(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char a = (unsigned char)text[i], b = (unsigned char)word[i];

        a = (unsigned char)(a >= 'A' && a <= 'Z' ? a + 32 : a);
        b = (unsigned char)(b >= 'A' && b <= 'Z' ? b + 32 : b);
        if (a != b) { /* covers the end of the word */
            return false;
        }
    }
    return word[length] == '\0';
}

/* With a decimal comma: a copy with a point for it. A point as it stands is a separator
 * of thousands, or a slip, and no part of a number. */
static mtp_number_status read_with_comma(const char *text, size_t length, double *value)
{
    char point[256]; /* longer than any number a person writes */

    if (length >= sizeof point || memchr(text, '.', length)) {
        return MTP_NUMBER_MALFORMED;
    }
    for (size_t i = 0; i < length; i++) {
        point[i] = (char)(text[i] == ',' ? '.' : text[i]);
    }
    point[length] = '\0';
    return mtp_number_parse(point, length, value);
}

static mtp_number_status parse(const char *text, size_t length, char decimal,
                               double *value)
{
    return decimal == ',' ? read_with_comma(text, length, value)
                          : mtp_number_parse(text, length, value);
}

/* A spreadsheet may have made -99.00 of -99. */
static bool same_number(const char *text, size_t length, const char *word, char decimal)
{
    double a, b;

    return parse(word, strlen(word), decimal, &b) == MTP_NUMBER_OK &&
           parse(text, length, decimal, &a) == MTP_NUMBER_OK && a == b;
}

const char *const mtp_missing_words[] = {"", "NA", "NaN", "N/A", ".", NULL};

static bool is_missing(const char *text, size_t length, mtp_cell_rules rules)
{
    if (length == 0 || text[0] == 'n' || text[0] == 'N' || text[0] == '.') {
        for (unsigned i = 0; mtp_missing_words[i]; i++) {
            if (same_word(text, length, mtp_missing_words[i])) {
                if (rules.words) {
                    *rules.words |= 1U << i;
                }
                return true;
            }
        }
    }
    for (const char *const *word = rules.missing; word && *word; word++) {
        if (same_word(text, length, *word) ||
            same_number(text, length, *word, rules.decimal)) {
            return true;
        }
    }
    return false;
}

void mtp_cell_write(double value, char decimal, char text[MTP_NUMBER_TEXT])
{
    char *point;

    mtp_number_format(value, text);
    point = strchr(text, '.');
    if (point) {
        *point = decimal;
    }
}

/*
 * Most cells: at most 15 digits with at most one mark among them, up to the NUL. Their
 * whole number and the power of ten are exact doubles, so that one division rounds as
 * it should (Clinger 1990, doi:10.1145/93542.93557). False for anything else.
 */
static bool read_plain(const char *text, char mark, double *value)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    enum { MOST = 15 };
    bool negative = *text == '-';
    const char *at = text + negative, *end = at + MOST, *point;
    uint64_t digits = 0;

    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        digits = 10 * digits + (uint64_t)(*at - '0');
    }
    point = at;
    if (*at == mark) {
        end++;
        for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
            digits = 10 * digits + (uint64_t)(*at - '0');
        }
    }
    if (*at != '\0' || FLT_EVAL_METHOD != 0 ||
        at - text - negative == (*point == mark)) { /* no digits */
        return false;
    }
    *value = (double)digits;
    if (at > point + 1) {
        *value /= power[at - point - 1];
    }
    *value = negative ? -*value : *value;
    return true;
}

/* Most cells that are not: the first byte tells. */
static bool may_be_missing(const char *text, mtp_cell_rules rules)
{
    unsigned char first = (unsigned char)*text;

    return rules.missing || first <= ' ' || first >= 0x80 || first == 'n' ||
           first == 'N' || first == '.';
}

static bool is_missing_cell(const char *text, mtp_cell_rules rules)
{
    size_t length;

    if (!may_be_missing(text, rules)) {
        return false;
    }
    length = strlen(text);
    text = mtp_number_trim(text, &length);
    return is_missing(text, length, rules);
}

static mtp_cell read_number(const char *text, mtp_cell_rules rules, double *value)
{
    size_t length = strlen(text);

    text = mtp_number_trim(text, &length);
    switch (parse(text, length, rules.decimal, value)) {
    case MTP_NUMBER_OK:
        return MTP_CELL_NUMBER;
    case MTP_NUMBER_OVERFLOW:
        return MTP_CELL_OVERFLOW;
    case MTP_NUMBER_EMPTY:
    case MTP_NUMBER_MALFORMED:
        break;
    }
    return MTP_CELL_TEXT;
}

mtp_cell mtp_cell_read(const char *text, mtp_cell_rules rules, double *value)
{
    bool plain = read_plain(text, rules.decimal, value);

    if (plain && !rules.missing) { /* the words that always are have no digits */
        return MTP_CELL_NUMBER;
    }
    if (is_missing_cell(text, rules)) {
        return MTP_CELL_MISSING;
    }
    return plain ? MTP_CELL_NUMBER : read_number(text, rules, value);
}

/* Of a column that holds text. */
static void find_missing(size_t rows, const char **text, mtp_cell_rules rules,
                         unsigned char *missing)
{
    for (size_t i = 0; i < rows; i++) {
        missing[i] = !text[i] || is_missing_cell(text[i], rules);
        if (missing[i]) {
            text[i] = NULL;
        }
    }
}

mtp_cells_kind mtp_cells_read(size_t rows, const char **text, mtp_cell_rules rules,
                              double *number, unsigned char *missing)
{
    mtp_cells_kind kind = number ? MTP_CELLS_NUMBERS : MTP_CELLS_TEXT;
    size_t i = 0;

    for (; i < rows && kind != MTP_CELLS_TEXT; i++) {
        mtp_cell cell =
            text[i] ? mtp_cell_read(text[i], rules, &number[i]) : MTP_CELL_MISSING;

        missing[i] = cell == MTP_CELL_MISSING;
        if (cell == MTP_CELL_MISSING) {
            text[i] = NULL;
            number[i] = (double)NAN;
        } else if (cell == MTP_CELL_TEXT) {
            kind = MTP_CELLS_TEXT;
        } else if (cell == MTP_CELL_OVERFLOW) {
            kind = MTP_CELLS_OVERFLOW;
        }
    }
    find_missing(rows - i, text + i, rules, missing + i);
    return kind;
}

mtp_status mtp_column_from_cells(mtp_arena *arena, size_t rows, const char **text,
                                 mtp_cell_rules rules, mtp_column *column,
                                 size_t *overflows)
{
    unsigned char *missing = mtp_arena_alloc(arena, rows, 1);
    mtp_arena_mark mark = mtp_arena_save(arena);
    double *number = MTP_ARENA_ARRAY(arena, rows, double);
    mtp_cells_kind kind;

    if (!missing || !number) {
        return MTP_E_NOMEM;
    }
    kind = mtp_cells_read(rows, text, rules, number, missing);
    if (kind == MTP_CELLS_TEXT) {
        mtp_arena_release(arena, mark);
    }
    column->type = kind == MTP_CELLS_TEXT ? MTP_TEXT : MTP_NUMBER;
    column->rows = rows;
    column->number = kind == MTP_CELLS_TEXT ? NULL : number;
    column->text = text;
    column->missing = missing;
    *overflows = 0;
    for (size_t i = 0; kind == MTP_CELLS_OVERFLOW && i < rows; i++) {
        *overflows += isinf(number[i]) != 0;
    }
    return MTP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/cells.h"

#include <math.h>
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

static bool is_missing(const char *text, size_t length, const char *const *missing)
{
    static const char *const words[] = {"NA", "NaN", "N/A", "."};

    if (length == 0) {
        return true;
    }
    if (text[0] == 'n' || text[0] == 'N' || text[0] == '.') {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (same_word(text, length, words[i])) {
                return true;
            }
        }
    }
    for (; missing && *missing; missing++) {
        if (same_word(text, length, *missing)) {
            return true;
        }
    }
    return false;
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

void mtp_cell_write(double value, char decimal, char text[MTP_NUMBER_TEXT])
{
    char *point;

    mtp_number_format(value, text);
    point = strchr(text, '.');
    if (point) {
        *point = decimal;
    }
}

mtp_cell mtp_cell_read(const char *text, mtp_cell_rules rules, double *value)
{
    size_t length = strlen(text);

    text = mtp_number_trim(text, &length);
    if (is_missing(text, length, rules.missing)) {
        return MTP_CELL_MISSING;
    }
    switch (rules.decimal == ',' ? read_with_comma(text, length, value)
                                 : mtp_number_parse(text, length, value)) {
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

mtp_status mtp_column_from_cells(mtp_arena *arena, size_t rows, const char **text,
                                 mtp_cell_rules rules, mtp_column *column,
                                 size_t *overflows)
{
    unsigned char *is_absent = mtp_arena_zalloc(arena, rows, 1);
    mtp_arena_mark mark = mtp_arena_save(arena);
    double *number = MTP_ARENA_ARRAY(arena, rows, double);
    size_t too_large = 0;
    bool all_numbers = true;

    if (!is_absent || !number) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < rows; i++) {
        double value = (double)NAN;
        mtp_cell cell =
            text[i] ? mtp_cell_read(text[i], rules, &value) : MTP_CELL_MISSING;

        if (cell == MTP_CELL_MISSING) {
            text[i] = NULL;
            is_absent[i] = 1;
            value = (double)NAN;
        }
        too_large += cell == MTP_CELL_OVERFLOW;
        all_numbers = all_numbers && cell != MTP_CELL_TEXT;
        number[i] = value;
    }
    if (!all_numbers) {
        mtp_arena_release(arena, mark);
    }
    column->type = all_numbers ? MTP_NUMBER : MTP_TEXT;
    column->rows = rows;
    column->number = all_numbers ? number : NULL;
    column->text = text;
    column->missing = is_absent;
    *overflows = all_numbers ? too_large : 0;
    return MTP_OK;
}

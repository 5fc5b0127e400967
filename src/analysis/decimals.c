/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/decimals.h"

#include "core/number.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

enum { EXPONENT_MAX = 400 }; /* beyond any double */

static int exponent(const char *text)
{
    bool minus = *text == '-';
    int value = 0;

    text += minus || *text == '+';
    for (; *text >= '0' && *text <= '9' && value < EXPONENT_MAX; text++) {
        value = 10 * value + (*text - '0');
    }
    return minus ? -value : value;
}

int mtp_decimals_of(const char *text, char mark)
{
    const char *point = strchr(text, mark), *e = strpbrk(text, "eE");
    int decimals = 0;

    for (const char *at = point ? point + 1 : ""; *at >= '0' && *at <= '9'; at++) {
        decimals++;
    }
    return decimals - (e ? exponent(e + 1) : 0);
}

int mtp_column_decimals(const mtp_column *column, char mark)
{
    int most = INT_MIN;

    for (size_t i = 0; i < column->rows; i++) {
        char number[MTP_NUMBER_TEXT];
        const char *text = column->text ? column->text[i] : NULL;
        int decimals;

        if (column->missing[i]) {
            continue;
        }
        if (!text) {
            mtp_number_format(column->number[i], number);
        }
        decimals = mtp_decimals_of(text ? text : number, text ? mark : '.');
        most = decimals > most ? decimals : most;
    }
    return most == INT_MIN ? 0 : most;
}

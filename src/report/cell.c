/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cell.h"

#include "core/number.h"
#include "text/display.h"

#include <math.h>
#include <stdbool.h>

#define MISSING "-"

enum { NUMBER_TEXT = 64 };

/* p below this are given by their logarithm: the doubles end near 1e-308. */
static const double smallest_p = 1e-300;

mtp_doc_cell mtp_doc_cell_text(const char *text)
{
    return (mtp_doc_cell){text ? MTP_DOC_TEXT : MTP_DOC_EMPTY, {0.0, 0.0}, text, 0};
}

mtp_doc_cell mtp_doc_cell_number(mtp_doc_kind kind, double value)
{
    return (mtp_doc_cell){kind, {value, 0.0}, NULL, 0};
}

mtp_doc_cell mtp_doc_cell_pair(mtp_doc_kind kind, double first, double second)
{
    return (mtp_doc_cell){kind, {first, second}, NULL, 0};
}

/* Fixed decimals, but a number that is not zero never prints as zero, nor with a single
 * digit where three decimals or more were asked for. */
static void add_decimals(mtp_strbuf *out, double x, int decimals)
{
    double unit = pow(10.0, -decimals);
    double smallest = decimals >= 3 ? 10.0 * unit : 0.5 * unit;
    char text[NUMBER_TEXT];

    if (isinf(x)) {
        mtp_strbuf_add(out, x > 0.0 ? "inf" : "-inf");
        return;
    }
    mtp_number_readable(x, decimals, smallest, text, sizeof text);
    mtp_strbuf_add(out, text);
}

static void add_percent(mtp_strbuf *out, double x, int digits)
{
    char text[NUMBER_TEXT];

    mtp_number_fixed(x, digits > 4 ? digits - 3 : 1, text, sizeof text);
    mtp_strbuf_add(out, text);
}

static void add_count(mtp_strbuf *out, double x, int digits)
{
    if (x == floor(x) && fabs(x) < 1e15) {
        mtp_strbuf_add_number(out, x);
    } else {
        add_decimals(out, x, fabs(x) >= 1.0 ? 2 : digits);
    }
}

static void add_p(mtp_strbuf *out, double p, double log_p, int digits, bool equation)
{
    int decimals = digits > 4 ? digits : 4;
    double smallest = pow(10.0, -decimals);
    bool underflows = p < smallest_p;
    char text[NUMBER_TEXT];

    mtp_number_fixed(p < smallest ? smallest : p, decimals, text, sizeof text);
    mtp_strbuf_add(out, equation ? (p < smallest ? "p < " : "p = ")
                                 : (p < smallest ? "< " : ""));
    mtp_strbuf_add(out, underflows ? "1e-300" : text);
    if (underflows && equation && isfinite(log_p)) {
        mtp_strbuf_add(out, " (ln p = ");
        add_decimals(out, log_p, digits > 3 ? digits - 1 : 2);
        mtp_strbuf_add(out, ")");
    }
}

static void add_interval(mtp_strbuf *out, const double limit[2], int digits,
                         bool percent)
{
    for (int i = 0; i < 2; i++) {
        mtp_strbuf_add(out, i == 1 ? ", " : isinf(limit[0]) ? "(" : "[");
        if (percent && isfinite(limit[i])) {
            add_percent(out, limit[i], digits);
        } else {
            add_decimals(out, limit[i], digits);
        }
    }
    mtp_strbuf_add(out, isinf(limit[1]) ? ")" : "]");
}

static bool is_missing(const mtp_doc_cell *cell)
{
    bool pair = cell->kind == MTP_DOC_INTERVAL ||
                cell->kind == MTP_DOC_INTERVAL_PERCENT ||
                cell->kind == MTP_DOC_FRACTION;

    return isnan(cell->value[0]) || (pair && isnan(cell->value[1]));
}

void mtp_doc_cell_add(mtp_strbuf *out, const mtp_doc_cell *cell, int digits)
{
    double x = cell->value[0];

    digits += cell->more;
    if (cell->kind == MTP_DOC_EMPTY) {
        return;
    }
    if (cell->kind == MTP_DOC_TEXT) {
        mtp_display_add(out, cell->text);
        return;
    }
    if (is_missing(cell)) {
        mtp_strbuf_add(out, MISSING);
        return;
    }
    switch (cell->kind) {
    case MTP_DOC_COUNT:
        add_count(out, x, digits);
        break;
    case MTP_DOC_FRACTION:
        add_count(out, x, digits);
        mtp_strbuf_add_char(out, '/');
        add_count(out, cell->value[1], digits);
        break;
    case MTP_DOC_DECIMALS:
        add_decimals(out, x, (int)cell->value[1]);
        break;
    case MTP_DOC_NUMBER:
        mtp_strbuf_add_number(out, x);
        break;
    case MTP_DOC_STATISTIC:
        add_decimals(out, x, digits > 3 ? digits - 1 : 2);
        break;
    case MTP_DOC_PERCENT:
        add_percent(out, x, digits);
        break;
    case MTP_DOC_P:
    case MTP_DOC_P_EQUATION:
        add_p(out, x, cell->value[1], digits, cell->kind == MTP_DOC_P_EQUATION);
        break;
    case MTP_DOC_INTERVAL:
    case MTP_DOC_INTERVAL_PERCENT:
        add_interval(out, cell->value, digits, cell->kind == MTP_DOC_INTERVAL_PERCENT);
        break;
    default:
        add_decimals(out, x, digits);
    }
}

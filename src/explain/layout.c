/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas as text on several lines. */
#include "explain/layout.h"

#include <string.h>

enum { NOT_HERE = -1 };

/* How deep in the formula a line would break at this blank; NOT_HERE: it must not. An
 * equals sign is outside everything, a product is deeper than a sum. */
static int cost_at(const char *blank, const char *formula, int depth)
{
    char after = blank[1];

    if (*blank != ' ' || blank == formula) {
        return NOT_HERE;
    }
    if (blank[-1] == ',') {
        return 3 * depth;
    }
    if (!strchr("=+-*/", after) || blank[2] != ' ') {
        return NOT_HERE;
    }
    return after == '=' ? 0 : 3 * depth + (after == '*' || after == '/' ? 2 : 1);
}

size_t mtp_layout_first(const char *formula, size_t width)
{
    size_t length = strlen(formula), best = length;
    int depth = 0, least = NOT_HERE;

    for (size_t i = 0; length > width && i < length; i++) {
        int cost = cost_at(formula + i, formula, depth);

        if (i > width && least != NOT_HERE) {
            break;
        }
        depth += (formula[i] == '(') - (formula[i] == ')');
        if (cost != NOT_HERE && (least == NOT_HERE || cost <= least)) {
            least = cost;
            best = i;
        }
    }
    return best;
}

const char *mtp_layout_line(const char *formula, size_t width, size_t index,
                            size_t *length)
{
    for (; index > 0 && *formula; index--) {
        formula += mtp_layout_first(formula, width);
        formula += *formula == ' ';
    }
    *length = mtp_layout_first(formula, width);
    return *formula ? formula : NULL;
}

void mtp_layout_add(mtp_strbuf *out, const char *formula, size_t indent, size_t width)
{
    size_t free_columns = width > indent ? width - indent : 1, length = 0;
    const char *line = formula;

    for (size_t i = 0;
         (line = mtp_layout_line(formula, free_columns, i, &length)) != NULL; i++) {
        if (i > 0) {
            mtp_strbuf_add_char(out, '\n');
            mtp_strbuf_add_repeated(out, ' ', indent);
        }
        mtp_strbuf_add_bytes(out, line, length);
    }
}

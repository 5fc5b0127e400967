/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writers.h"

#include <math.h>
#include <string.h>

/* RFC 4180: quoted where a comma, a quote or a line break is in the field. Blanks at
 * its ends are quoted too, because some readers trim them. */
static void add_field(mtp_strbuf *out, const char *text)
{
    size_t length = strlen(text);
    bool quote =
        strpbrk(text, ",\"\r\n") ||
        (length > 0 && (strchr(" \t", text[0]) || strchr(" \t", text[length - 1])));

    if (!quote) {
        mtp_strbuf_add(out, text);
        return;
    }
    mtp_strbuf_add_char(out, '"');
    for (; *text; text++) {
        mtp_strbuf_add(out, *text == '"' ? "\"" : "");
        mtp_strbuf_add_char(out, *text);
    }
    mtp_strbuf_add_char(out, '"');
}

static void add_cell(mtp_strbuf *out, const mtp_cell *cell)
{
    if (cell->kind == MTP_CELL_TEXT) {
        add_field(out, cell->text);
    } else if (cell->kind != MTP_CELL_EMPTY && isfinite(cell->value[0])) {
        mtp_strbuf_add_number(out, cell->value[0]);
    }
}

void mtp_write_csv(const mtp_document *doc, mtp_strbuf *out)
{
    const mtp_block *table = &doc->block[0];

    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, j > 0 ? "," : "");
        add_field(out, table->column[j].id);
    }
    mtp_strbuf_add_char(out, '\n');
    for (size_t i = 0; i < table->n; i++) {
        for (size_t j = 0; j < table->n_columns; j++) {
            mtp_strbuf_add(out, j > 0 ? "," : "");
            add_cell(out, &table->row[i].cell[j]);
        }
        mtp_strbuf_add_char(out, '\n');
    }
}

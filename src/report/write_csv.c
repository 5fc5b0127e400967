/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv_text.h"
#include "report/writers.h"

#include <math.h>

static void add_cell(mtp_strbuf *out, const mtp_doc_cell *cell)
{
    if (cell->kind == MTP_DOC_TEXT) {
        mtp_strbuf_add_csv(out, cell->text);
    } else if (cell->kind != MTP_DOC_EMPTY && isfinite(cell->value[0])) {
        mtp_strbuf_add_number(out, cell->value[0]);
    }
}

void mtp_write_csv(const mtp_document *doc, mtp_strbuf *out)
{
    const mtp_block *table = &doc->block[0];

    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, j > 0 ? "," : "");
        mtp_strbuf_add_csv(out, table->column[j].id);
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

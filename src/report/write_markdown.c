/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writers.h"

#include <string.h>

/* Characters that GitHub's Markdown would read as markup within a line. A backslash
 * before ASCII punctuation is always the character itself (CommonMark 0.30, 2.4). */
static const char special[] = "\\`*_[]<>|~&#$";

static void add_escaped(mtp_strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr(special, *text)) {
            mtp_strbuf_add_char(out, '\\');
        }
        mtp_strbuf_add_char(out, *text);
    }
}

static void add_cell(mtp_strbuf *out, const mtp_doc_cell *cell, int digits)
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "");
    mtp_doc_cell_add(&text, cell, digits);
    out->failed = out->failed || text.failed;
    if (!text.failed && cell->kind == MTP_DOC_TEXT) {
        add_escaped(out, text.text);
    } else if (!text.failed) {
        mtp_strbuf_add(out, text.text);
    }
    mtp_strbuf_free(&text);
}

static void add_phrase(mtp_strbuf *out, const mtp_phrase *phrase, int digits)
{
    for (size_t i = 0; i < phrase->n; i++) {
        add_cell(out, &phrase->cell[i], digits);
    }
    mtp_strbuf_add_char(out, '\n');
}

static void write_phrases(const mtp_block *block, int digits, mtp_strbuf *out)
{
    for (size_t i = 0; i < block->n; i++) {
        if (block->kind == MTP_BLOCK_TITLE) {
            mtp_strbuf_add(out, "# ");
        } else if (block->kind == MTP_BLOCK_HEADING) {
            mtp_strbuf_add(out, "## ");
        } else if (block->kind == MTP_BLOCK_NOTES) {
            mtp_strbuf_printf(out, "%zu. ", i + 1);
        } else if (block->kind == MTP_BLOCK_ENTRIES) {
            mtp_strbuf_add(out, "- **");
            add_escaped(out, block->phrase[i].label);
            mtp_strbuf_add(out, "**: ");
        }
        add_phrase(out, &block->phrase[i], digits);
    }
}

static void write_row(const mtp_block *table, const mtp_doc_row *row, int digits,
                      mtp_strbuf *out)
{
    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, j > 0 ? " | " : row->section ? "| **" : "| ");
        add_cell(out, &row->cell[j], digits);
        mtp_strbuf_add(out, row->section && j == 0 ? "**" : "");
    }
    mtp_strbuf_add(out, " |\n");
}

static void write_table(const mtp_block *table, int digits, mtp_strbuf *out)
{
    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, j > 0 ? " | " : "| ");
        add_escaped(out, table->column[j].label);
    }
    mtp_strbuf_add(out, " |\n");
    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, table->column[j].left ? "| :-- " : "| --: ");
    }
    mtp_strbuf_add(out, "|\n");
    for (size_t i = 0; i < table->n; i++) {
        write_row(table, &table->row[i], digits, out);
    }
}

void mtp_write_markdown(const mtp_document *doc, const mtp_report_options *options,
                        mtp_strbuf *out)
{
    for (size_t i = 0; i < doc->n; i++) {
        mtp_strbuf_add(out, i > 0 ? "\n" : "");
        if (doc->block[i].kind == MTP_BLOCK_TABLE) {
            write_table(&doc->block[i], options->digits, out);
        } else {
            write_phrases(&doc->block[i], options->digits, out);
        }
    }
}

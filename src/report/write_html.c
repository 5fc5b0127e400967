/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

#include "report/html_page.h"
#include "report/writers.h"

#include <stdbool.h>

/* Names come from files: <bdi> keeps one that reads from right to left from turning
 * what stands beside it. */
static void add_cell(mtp_strbuf *out, const mtp_doc_cell *cell, int digits, bool name)
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "");
    mtp_doc_cell_add(&text, cell, digits);
    out->failed = out->failed || text.failed;
    if (!out->failed) {
        mtp_strbuf_add(out, name ? "<bdi>" : "");
        mtp_html_text(out, text.text);
        mtp_strbuf_add(out, name ? "</bdi>" : "");
    }
    mtp_strbuf_free(&text);
}

static void add_phrase(mtp_strbuf *out, const mtp_phrase *phrase, int digits)
{
    for (size_t i = 0; i < phrase->n; i++) {
        add_cell(out, &phrase->cell[i], digits, false);
    }
}

static void write_phrases(const mtp_block *block, const char *before, const char *after,
                          int digits, mtp_strbuf *out)
{
    for (size_t i = 0; i < block->n; i++) {
        mtp_strbuf_add(out, before);
        add_phrase(out, &block->phrase[i], digits);
        mtp_strbuf_add(out, after);
    }
}

static void write_entries(const mtp_block *block, int digits, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "<dl>\n");
    for (size_t i = 0; i < block->n; i++) {
        mtp_strbuf_add(out, "<dt>");
        mtp_html_text(out, block->phrase[i].label);
        mtp_strbuf_add(out, "</dt><dd>");
        add_phrase(out, &block->phrase[i], digits);
        mtp_strbuf_add(out, "</dd>\n");
    }
    mtp_strbuf_add(out, "</dl>\n");
}

static void write_row(const mtp_block *table, const mtp_doc_row *row, int digits,
                      mtp_strbuf *out)
{
    if (row->section) {
        mtp_strbuf_printf(out,
                          "<tr class=\"section\"><th scope=\"colgroup\" "
                          "colspan=\"%zu\">",
                          table->n_columns);
        add_cell(out, &row->cell[0], digits, true);
        mtp_strbuf_add(out, "</th></tr>\n");
        return;
    }
    mtp_strbuf_add(out, "<tr>");
    for (size_t j = 0; j < table->n_columns; j++) {
        bool head = j == 0 && table->column[0].left;

        mtp_strbuf_add(out, head                    ? "<th scope=\"row\">"
                            : table->column[j].left ? "<td>"
                                                    : "<td class=\"n\">");
        add_cell(out, &row->cell[j], digits, row->cell[j].kind == MTP_DOC_TEXT);
        mtp_strbuf_add(out, head ? "</th>" : "</td>");
    }
    mtp_strbuf_add(out, "</tr>\n");
}

/* A table that is too wide is scrolled, with the keyboard too. */
static void write_table(const mtp_block *table, int digits, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr>");
    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_add(out, table->column[j].left ? "<th scope=\"col\">"
                                                  : "<th scope=\"col\" class=\"n\">");
        mtp_html_text(out, table->column[j].label);
        mtp_strbuf_add(out, "</th>");
    }
    mtp_strbuf_add(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < table->n; i++) {
        write_row(table, &table->row[i], digits, out);
    }
    mtp_strbuf_add(out, "</tbody>\n</table>\n</div>\n");
}

static void write_block(const mtp_block *block, int digits, mtp_strbuf *out)
{
    switch (block->kind) {
    case MTP_BLOCK_TITLE:
        write_phrases(block, "<h1>", "</h1>\n", digits, out);
        break;
    case MTP_BLOCK_HEADING:
        write_phrases(block, "<h2>", "</h2>\n", digits, out);
        break;
    case MTP_BLOCK_PARAGRAPH:
        write_phrases(block, "<p>", "</p>\n", digits, out);
        break;
    case MTP_BLOCK_ENTRIES:
        write_entries(block, digits, out);
        break;
    case MTP_BLOCK_NOTES:
        mtp_strbuf_add(out, "<ol>\n");
        write_phrases(block, "<li>", "</li>\n", digits, out);
        mtp_strbuf_add(out, "</ol>\n");
        break;
    case MTP_BLOCK_TABLE:
        write_table(block, digits, out);
        break;
    }
}

/* The title of the document, as plain text. */
static void begin_page(const mtp_document *doc, int digits, mtp_strbuf *out)
{
    mtp_strbuf title;

    mtp_strbuf_init(&title);
    mtp_strbuf_add(&title, "");
    for (size_t i = 0; doc->n > 0 && i < doc->block[0].phrase[0].n; i++) {
        mtp_doc_cell_add(&title, &doc->block[0].phrase[0].cell[i], digits);
    }
    out->failed = out->failed || title.failed;
    if (!out->failed) {
        mtp_html_begin(out, title.text);
    }
    mtp_strbuf_free(&title);
}

void mtp_write_html(const mtp_document *doc, const mtp_report_options *options,
                    mtp_strbuf *out)
{
    begin_page(doc, options->digits, out);
    for (size_t i = 0; i < doc->n; i++) {
        write_block(&doc->block[i], options->digits, out);
    }
    mtp_strbuf_add(out, "<footer>metapool " MTP_VERSION "</footer>\n");
    mtp_html_end(out);
}
